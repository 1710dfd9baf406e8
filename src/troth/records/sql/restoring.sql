-- What only the owner does after a backup was restored.

-- All mail is held until the operator releases it, beginning with what waits in the restored queue: it may have left before.
-- Sessions, mailed secrets and known devices end, for those that were ended after the backup stand again. Links to choices
-- and to unsubscribe stay: they show no value, and a no has to work from the oldest email.
create or replace function hold_mail(p_hold uuid, p_at timestamptz, p_why text, p_held text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    insert into mail_hold (id, since_utc, why, released_by) values (p_hold, p_at, p_why, '');
    update letter set state = 'held', why = p_held where state in ('planned', 'claimed');
    delete from session;
    delete from device;
    update proof set spent_utc = p_at, spent_by = 'over', password = '' where spent_utc is null;
    update private_link set spent_utc = p_at, spent_by = 'over' where spent_utc is null and power in ('full', 'case');
end $$;

-- That a backup was restored, and how many acts of the journal were done again: an entry of Nobody.
create or replace function note_restore(p_entry uuid, p_who text, p_why text, p_acts integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    v_entry.person_id := '00000000-0000-0000-0000-000000000000'; v_entry.id := p_entry; v_entry.kind := 'restored';
    v_entry.who := p_who; v_entry.reason := left(p_why, 500);
    v_entry.payload := jsonb_build_object('acts', p_acts);
    insert into person (id, ordinal, created_utc) values (v_entry.person_id, nextval('person_ordinal'), now_utc())
        on conflict do nothing;
    perform entry_write(v_entry);
end $$;

-- Mail goes on. Gives the emails that the operator's word lets go: those queued since the restore, and with p_again those
-- from before it too, which may have left already. What stays held says why.
create or replace function release_mail(p_by text, p_at timestamptz, p_held text, p_stays text, p_again boolean)
returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
declare
    v_since timestamptz := (select min(h.since_utc) from mail_hold h where h.released_utc is null);
begin
    update mail_hold set released_utc = p_at, released_by = p_by where released_utc is null;
    update letter l set why = p_stays
        where l.state = 'held' and l.why = p_held and l.queued_utc < v_since and not p_again;
    return query update letter l set state = 'planned', why = '', attempts = 0, next_try_utc = null, useful_until_utc = null
        where l.state = 'held' and l.why in (p_held, case when p_again then p_stays end) returning l.id;
end $$;

-- The same by a member of staff, in the console. What may have left before stays held, and is released one by one.
create or replace function release_mail_by_staff(
    p_who text, p_at timestamptz, p_held text, p_stays text, p_session text) returns setof uuid
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform acts(p_who, p_session, array['privacy', 'admin']);
    return query select release_mail(p_who, p_at, p_held, p_stays, false);
end $$;

-- Legal holds: what two members of staff decided must not be deleted while a dispute or an investigation lasts.
--
--   legal_hold     whose data one case holds, of which kinds (all, where none is named), since when and until when
--   held_erasure   who was to be erased meanwhile; it happens when the last hold of theirs ends
--
-- A hold never lengthens a use. What would be deleted is over instead: its time ends at that moment, the gate refuses it as
-- expired for every purpose, and only a disclosure that two approved (held_for_law) reads it.

-- Whether a hold in force covers data of this kind. Asked only of data that would be deleted now.
create or replace function hold_covers(p_person uuid, p_kind text) returns boolean
language sql stable parallel safe set search_path = public, pg_temp as $$
    select exists (select from legal_hold h where h.person_id = p_person and h.until_utc is null
                   and (h.kinds = '{}' or p_kind = any (h.kinds)))
$$;

create or replace function is_on_hold(p_person uuid) returns boolean
language sql stable parallel safe security definer set search_path = public, pg_temp as $$
    select exists (select from legal_hold h where h.person_id = p_person and h.until_utc is null)
$$;

-- Whether the person may not be told of it yet.
create or replace function hold_is_secret(p_person uuid) returns boolean
language sql stable parallel safe set search_path = public, pg_temp as $$
    select exists (select from legal_hold h where h.person_id = p_person and h.until_utc is null
                   and h.secret_until_utc > now_utc())
$$;

-- Delete these data of a person; of what a hold covers, the time is over instead. Gives the kinds that were in use until now
-- and no longer are. An end of before the law came into force is one that no reckoning looks at again.
create or replace function take_data(p_person uuid, p_data uuid[]) returns text[]
language plpgsql set search_path = public, pg_temp as $$
declare
    v_now timestamptz := now_utc();
    v_end timestamptz := case when p_person > reckoned_to() then law_since() else v_now end;
    v_kinds text[];
begin
    select array_agg(distinct d.kind order by d.kind) into v_kinds from datum d
        where d.person_id = p_person and d.id = any (p_data) and not is_kept_for_law(d, v_now);
    update datum d set kept_until_utc = v_end
        where d.person_id = p_person and d.id = any (p_data) and hold_covers(d.person_id, d.kind)
          and coalesce(datum_until(d, reckoned_to()) > v_now, true);
    delete from datum d where d.person_id = p_person and d.id = any (p_data) and not hold_covers(d.person_id, d.kind);
    return v_kinds;
end $$;

-- Whether this datum is over and there for a hold alone.
create or replace function is_kept_for_law(d datum, p_now timestamptz) returns boolean
language sql stable parallel safe set search_path = public, pg_temp as $$
    select coalesce(datum_until(d, reckoned_to()) <= p_now, false) and hold_covers(d.person_id, d.kind)
$$;

-- Put the hold of a case into force. Two members of staff agreed to it before. Gives of how many people.
create or replace function hold_place(p_case uuid, p_who text, p_session text default null) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case;
    v_people integer;
begin
    perform acts(p_who, p_session, array['privacy', 'admin']);
    select * into v_case from request_case c where c.id = p_case and c.approves = 'hold' and c.state = 'open' for update;
    if not found then
        perform refuse('not open', 'This isn’t an open legal hold.');
    elsif not case_agreed(p_case, 'hold') then
        perform refuse('not approved', 'Two different members of staff must have approved the hold before.');
    end if;
    insert into legal_hold (id, case_id, person_id, kinds, since_utc, secret_until_utc)
        select gen_random_uuid(), p_case, it::uuid, array(select jsonb_array_elements_text(v_case.facts -> 'kinds')),
               now_utc(), (v_case.facts ->> 'secret_until')::timestamptz
        from jsonb_array_elements_text(v_case.facts -> 'people') it
        where exists (select from person_key k where k.person_id = it::uuid)
        on conflict (case_id, person_id) do nothing;
    get diagnostics v_people = row_count;
    perform hold_tell(p_case);
    return v_people;
end $$;

-- End the hold of a case. What is over by now is due, and who was to be erased meanwhile is erased, unless another hold
-- covers them. Gives what happened to these, as `erase_case` does.
create or replace function hold_end(p_case uuid, p_who text, p_session text default null)
returns table (person uuid, became text, entry uuid, kept text[])
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_people uuid[];
    v_waiting held_erasure;
begin
    perform acts(p_who, p_session, array['privacy', 'admin']);
    with ended as (update legal_hold h set until_utc = now_utc() where h.case_id = p_case and h.until_utc is null
                   returning h.person_id)
    select coalesce(array_agg(ended.person_id order by ended.person_id), '{}') into v_people from ended;
    if v_people = '{}' then
        perform refuse('not open', 'This hold is not in force.');
    end if;
    perform hold_tell(p_case);
    v_people := array(select it from unnest(v_people) it where not is_on_hold(it));
    perform settle_data(v_people, now_utc());
    for v_waiting in select * from held_erasure w where w.person_id = any (v_people) order by w.person_id for update loop
        person := v_waiting.person_id; entry := gen_random_uuid(); kept := v_waiting.kept;
        delete from held_erasure w where w.person_id = person;
        became := erase_of_case(v_waiting.case_id, person, entry, kept, v_waiting.who, v_waiting.reason);
        return next;
    end loop;
end $$;

-- Write into people's histories that a hold covers them, and that it ended: of one case, or of all whose secrecy is over.
-- Gives how many entries.
create or replace function hold_tell(p_case uuid default null) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_hold legal_hold;
    v_told integer := 0;
begin
    for v_hold in
        select * from legal_hold h
        where (p_case is null or h.case_id = p_case) and not coalesce(h.secret_until_utc > now_utc(), false)
          and (h.told_utc is null or h.until_utc is not null and h.end_told_utc is null)
        order by h.person_id limit 1000 for update skip locked
    loop
        if v_hold.told_utc is null then
            perform hold_entry(v_hold, 'hold began', v_hold.since_utc);
            v_told := v_told + 1;
        end if;
        if v_hold.until_utc is not null then
            perform hold_entry(v_hold, 'hold ended', v_hold.until_utc);
            v_told := v_told + 1;
        end if;
        update legal_hold h set told_utc = coalesce(h.told_utc, now_utc()),
                                end_told_utc = case when h.until_utc is not null then now_utc() end
            where h.id = v_hold.id;
    end loop;
    return v_told;
end $$;

create or replace function hold_entry(p_hold legal_hold, p_kind text, p_at timestamptz) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    if exists (select from person p where p.id = p_hold.person_id and p.erased_utc is null) then
        v_entry.person_id := p_hold.person_id; v_entry.id := gen_random_uuid(); v_entry.kind := p_kind;
        v_entry.who := 'program:holds'; v_entry.purpose := 'legal'; v_entry.section := law_section('legal');
        v_entry.kinds := p_hold.kinds; v_entry.payload := jsonb_build_object('at', p_at);
        perform entry_write(v_entry);
    end if;
end $$;

-- Instead of erasing somebody on hold: what the hold does not cover goes, the rest is over, and the erasure waits. Kinds that a
-- law obliges to keep (p_kept) have times of their own, which outlast the hold.
create or replace function erase_later(
    p_person uuid, p_entry uuid, p_kept text[], p_who text, p_reason text, p_case uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    insert into held_erasure (person_id, case_id, kept, who, reason, asked_utc)
        values (p_person, p_case, p_kept, p_who, p_reason, now_utc()) on conflict (person_id) do nothing;
    v_entry.kinds := take_data(p_person, array(select d.id from datum d where d.person_id = p_person and d.kind <> all (p_kept)));
    perform settle_data(array[p_person], now_utc());
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'erasure held'; v_entry.who := p_who;
    v_entry.purpose := 'rights'; v_entry.section := law_section('rights'); v_entry.request := p_case;
    v_entry.reason := p_reason; v_entry.payload := jsonb_build_object('secret', hold_is_secret(p_person));
    perform entry_write(v_entry);
end $$;

-- What is there for a hold alone, and may be read for a disclosure that two members of staff approved.
create or replace function held_for_law(p_person uuid, p_request uuid) returns setof datum
language sql stable set search_path = public, pg_temp as $$
    select d from datum d
    where is_on_hold(p_person) and case_agreed(p_request, 'disclose')
      and d.person_id = p_person and d.removed_utc is null and is_kept_for_law(d, now_utc())
$$;

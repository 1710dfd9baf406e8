-- The clock: nothing is opened while it stands before what was signed, and the operator says when it was wrong.

-- Before this moment no clock of ours may stand: when the newest checkpoint was signed, or what the operator said of the
-- clock since. Null before the first.
-- A table, for such a function is inlined where it is called. No row before the first.
create or replace function clock_marks() returns table (at_utc timestamptz)
language sql stable rows 1 as $$
    select coalesce((select w.at_utc from clock_word w where w.size = c.size order by w.id desc limit 1), c.at_utc)
    from checkpoint c order by c.size desc limit 1
$$;

create or replace function clock_mark() returns timestamptz
language sql stable security definer set search_path = public, pg_temp as $$
    select c.at_utc from clock_marks() c
$$;

-- The number of the operator's last word, 0 before the first: the sealer looks whether there is a new one.
create or replace function clock_words() returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(max(id), 0) from clock_word
$$;

-- A clock that stands before what was already signed would open what has expired: nothing is opened until it is right.
create or replace function clock_backward(p_now timestamptz) returns boolean language sql stable as $$
    select coalesce(p_now < clock_mark() - interval '5 seconds', false)
$$;

create or replace function refuse_backward(p_now timestamptz) returns void
language plpgsql stable set search_path = public, pg_temp as $$
begin
    if clock_backward(p_now) then
        perform refuse('clock backward', 'The database’s clock went backward. Set it right, then try again. If it is'
                       ' right, say so: troth ledger clock --right');
    end if;
end $$;

-- The owner's word that the clock is right now, whatever was seen or signed before: with an entry of Nobody.
create or replace function clock_say(p_entry uuid, p_by text, p_reason text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_last checkpoint;
begin
    select * into v_last from checkpoint order by size desc limit 1;
    insert into clock_word (size, at_utc, by, reason) values (coalesce(v_last.size, 0), now_utc(), p_by, p_reason);
    insert into person (id, ordinal, created_utc)
        values ('00000000-0000-0000-0000-000000000000', nextval('person_ordinal'), now_utc()) on conflict do nothing;
    v_entry.person_id := '00000000-0000-0000-0000-000000000000'; v_entry.id := p_entry; v_entry.kind := 'clock set';
    v_entry.who := p_by; v_entry.reason := p_reason;
    v_entry.payload := jsonb_build_object('size', coalesce(v_last.size, 0), 'signed', v_last.at_utc);
    perform entry_write(v_entry);
end $$;

-- What a privacy request lets staff do, and only together.

-- One member of staff agrees to what an open case is carried out by: it says itself what that is. Gives how many agree now.
create or replace function approve_case(
    p_case uuid, p_entry uuid, p_what text, p_who text, p_session text default null) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case;
    v_entry entry;
begin
    perform acts(p_who, p_session, array['privacy', 'admin']);
    select * into v_case from request_case c where c.id = p_case and c.state = 'open' for update;
    if not found then
        perform refuse('not open', 'This request isn’t open, so nothing about it can be approved.');
    elsif p_what = '' or p_what <> v_case.approves then
        perform refuse('unknown step', 'This kind of request has no such step to approve.');
    end if;
    insert into case_approval (case_id, what, who, at_utc, transaction)
        values (p_case, p_what, p_who, now_utc(), pg_current_xact_id()::text::bigint) on conflict do nothing;
    if not found then
        perform refuse('same person', 'You’ve already approved this. Someone else must approve it, too.');
    end if;
    if v_case.person_id is not null then
        v_entry.person_id := v_case.person_id; v_entry.id := p_entry; v_entry.kind := 'approved';
        v_entry.purpose := 'rights'; v_entry.section := law_section('rights'); v_entry.who := p_who;
        v_entry.request := p_case; v_entry.payload := jsonb_build_object('what', p_what);
        perform entry_write(v_entry);
    end if;
    return (select count(*) from case_approval a where a.case_id = p_case and a.what = p_what);
end $$;

-- Two different members of staff agreed to the step, each in an earlier, committed transaction.
create or replace function case_agreed(p_case uuid, p_what text) returns boolean
language sql stable set search_path = public, pg_temp as $$
    select count(*) >= 2 from case_approval a
    where a.case_id = p_case and a.what = p_what
      and a.transaction is distinct from pg_current_xact_id_if_assigned()::text::bigint
$$;

-- Whom the case is about: who asked; once proven, also who shares the account that proved this, or whose emails go to the
-- address that was proven: the account's own or, without one, that of the mailed link. A sign-in proves nothing of an
-- address that was typed into a form. An account's own person stands last: who the others are is found through that person.
create or replace function case_people(p_case uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select found.person_id from request_case c cross join lateral (
        select c.person_id
        union select it from people_of(c.person_id) it where c.account is null and c.verified_utc is not null
        union select a.person_id from account_person a where a.user_id = c.account
        union select it from "user" u, people_of(u.person_id) it where u.id = c.account and u.person_id is not null
              and not exists (select from joining_offer o where o.person_id = it)
    ) found (person_id)
    where c.id = p_case and found.person_id is not null
    order by exists (select from "user" u where u.person_id = found.person_id), found.person_id = c.person_id,
             found.person_id
$$;

-- What rooms hold of a person beside the values ends with them. Each room says what by a function of its own,
-- ends_in_<room>(person, case): it gives the requests that it has ended, and keeps nothing that finds the person. None needs what
-- another deletes, so their order doesn't matter.
create or replace function end_in_rooms(p_person uuid, p_case uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_room regproc;
    v_request uuid;
begin
    for v_room in
        select p.oid::regproc from pg_proc p
            where p.pronamespace = 'public'::regnamespace and p.proname like 'ends\_in\_%' order by p.proname
    loop
        for v_request in execute format('select %s($1, $2)', v_room) using p_person, p_case loop
            perform end_request(p_person, v_request);
        end loop;
    end loop;
end $$;

-- The addresses of a person, by which rooms know what came in under them and is nobody's yet. Before their data go.
create or replace function addresses_held(p_person uuid) returns bytea[]
language sql stable set search_path = public, pg_temp as $$
    select array(select d.blind_index from datum d
                 where d.person_id = p_person and d.kind = 'email' and d.blind_index is not null)
$$;

-- What rooms hold under these ends, too: each room says what by a function of its own, ends_with_address_in_<room>(addresses).
create or replace function end_with_addresses(p_addresses bytea[]) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_room regproc;
begin
    for v_room in
        select p.oid::regproc from pg_proc p
            where p.pronamespace = 'public'::regnamespace and p.proname like 'ends\_with\_address\_in\_%'
    loop
        execute format('select %s($1)', v_room) using p_addresses;
    end loop;
end $$;

create or replace function end_request(p_person uuid, p_request uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    v_entry.person_id := p_person; v_entry.id := gen_random_uuid(); v_entry.kind := 'ended';
    v_entry.who := 'program:cases'; v_entry.request := p_request;
    perform entry_write(v_entry);
    perform event_put(p_person, 'request', p_request, now_utc());
end $$;

-- Erase everybody whom a case is about that two members of staff agreed to: all of them or nobody. Of whom a law obliges
-- to keep kinds (p_kept), all others go. Gives for each 'erased', 'kept' where something stayed, 'held' where a legal hold
-- makes it wait, or 'gone' where nothing was left to erase.
create or replace function erase_case(p_case uuid, p_kept text[], p_who text, p_reason text)
returns table (person uuid, became text, entry uuid)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case;
    v_people uuid[];
begin
    p_who := case_ordered(p_case, 'erasing', p_who);
    select * into v_case from request_case c where c.id = p_case and c.approves = 'erase' and c.state = 'open' for update;
    if not found then
        perform refuse('not open', 'This isn’t an open request to delete data.');
    elsif not case_agreed(p_case, 'erase') then
        perform refuse('not approved', 'Two different members of staff must have approved the erasure before.');
    end if;
    v_people := array(select it from case_people(p_case) it);  -- fixed before the first of them goes
    foreach person in array v_people loop
        entry := gen_random_uuid();
        became := erase_of_case(p_case, person, entry, p_kept, p_who, p_reason);
        return next;
    end loop;
end $$;

create or replace function erase_of_case(
    p_case uuid, p_person uuid, p_entry uuid, p_kept text[], p_who text, p_reason text) returns text
language plpgsql set search_path = public, pg_temp as $$
begin
    if exists (select from person p where p.id = p_person and p.erased_utc is not null) then
        return 'gone';
    elsif is_on_hold(p_person) then
        perform erase_later(p_person, p_entry, p_kept, p_who, p_reason, p_case);
        return 'held';
    elsif not exists (select from datum d where d.person_id = p_person and d.kind = any (p_kept)) then
        perform erase(p_person, p_entry, p_who, p_reason, p_case);
        return 'erased';
    end if;
    return erase_but(p_person, p_entry, p_kept, p_who, p_reason, p_case);
end $$;

-- Everything of a person but the kinds that a law obliges to keep: part of `erase_case`, the owner's alone.
create or replace function erase_but(
    p_person uuid, p_entry uuid, p_kept text[], p_who text, p_reason text, p_request uuid) returns text
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_gone text[];
    v_addresses bytea[] := addresses_held(p_person);
begin
    select array_agg(distinct d.kind) into v_gone from datum d where d.person_id = p_person and d.kind <> all (p_kept);
    if v_gone is null then
        return 'gone';
    end if;
    delete from datum d where d.person_id = p_person and d.kind <> all (p_kept);
    perform end_in_rooms(p_person, p_request);
    perform end_with_addresses(v_addresses);
    perform settle_data(array[p_person], now_utc());
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'erased in part'; v_entry.who := p_who;
    v_entry.purpose := 'rights'; v_entry.section := law_section('rights'); v_entry.request := p_request;
    v_entry.kinds := v_gone; v_entry.reason := p_reason; v_entry.payload := jsonb_build_object('kept', to_jsonb(p_kept));
    perform entry_write(v_entry);
    return 'kept';
end $$;

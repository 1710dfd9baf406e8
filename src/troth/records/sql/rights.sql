-- What a privacy request lets staff do, and only together.

-- One member of staff agrees to a step of an open case: 'erasure', 'disclosure' or 'export'. Gives how many agree now.
create or replace function approve_case(p_case uuid, p_entry uuid, p_what text, p_who text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case;
    v_entry entry;
begin
    select * into v_case from request_case c where c.id = p_case and c.state = 'open' for update;
    if not found then
        perform refuse('not open', 'This request is not open, so nothing of it can be approved.');
    elsif p_what not in ('erasure', 'disclosure', 'export') then
        perform refuse('unknown step', 'Only an erasure, a disclosure or an export is approved.');
    elsif not exists (select from "user" u where 'staff:' || u.username = p_who and u.is_active
                      and u.role in ('privacy', 'admin')) then
        perform refuse('not staff', 'Only privacy people and administrators approve this.');
    end if;
    insert into case_approval (case_id, what, who, at_utc, transaction)
        values (p_case, p_what, p_who, now_utc(), pg_current_xact_id()::text::bigint) on conflict do nothing;
    if not found then
        perform refuse('same person', 'You have approved this already: somebody else must, too.');
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

-- Whether the case may touch this person: who asked, who shares the account that proved her, or who gave the address
-- that the mailed link proved. A sign-in proves nothing of an address that was typed.
create or replace function case_concerns(p_case request_case, p_person uuid) returns boolean
language sql stable set search_path = public, pg_temp as $$
    select p_case.verified_utc is not null and (
        p_person = p_case.person_id
        or p_case.account is null and p_person in (select people_of(p_case.person_id))
        or exists (select from account_person a where a.person_id = p_person and a.user_id = p_case.account))
$$;

-- Erase one person of a case that two members of staff agreed to. Of whom a law obliges to keep kinds (p_kept), all
-- others go. Gives 'erased', 'kept' where something stayed, or 'gone' where nothing was left to erase.
create or replace function erase_case(
    p_case uuid, p_person uuid, p_entry uuid, p_kept text[], p_who text, p_reason text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case;
begin
    select * into v_case from request_case c where c.id = p_case and c.kind = 'erasure' and c.state = 'open' for update;
    if not found then
        perform refuse('not open', 'This is no open request to delete data.');
    elsif not case_agreed(p_case, 'erasure') then
        perform refuse('not approved', 'Two different members of staff must have approved the erasure before.');
    elsif not case_concerns(v_case, p_person) then
        perform refuse('another person', 'This request does not concern this person.');
    elsif exists (select from person p where p.id = p_person and p.erased_utc is not null) then
        return 'gone';
    elsif not exists (select from datum d where d.person_id = p_person and d.kind = any (p_kept)) then
        perform erase(p_person, p_entry, p_who, p_reason);
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
begin
    select array_agg(distinct d.kind) into v_gone from datum d where d.person_id = p_person and d.kind <> all (p_kept);
    if v_gone is null then
        return 'gone';
    end if;
    delete from datum d where d.person_id = p_person and d.kind <> all (p_kept);
    perform forget_membership(p_person, p_entry);
    perform forget_account(p_person);
    perform settle(array[p_person], now_utc());
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'erased in part'; v_entry.who := p_who;
    v_entry.purpose := 'rights'; v_entry.section := law_section('rights'); v_entry.request := p_request;
    v_entry.kinds := v_gone; v_entry.reason := p_reason; v_entry.payload := jsonb_build_object('kept', to_jsonb(p_kept));
    perform entry_write(v_entry);
    return 'kept';
end $$;

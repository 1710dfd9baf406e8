-- Adopting a draft by two members of the privacy staff, each by a living sign-in. The application's role reads
-- policy_adoption and writes it by these functions alone.

-- The first of two. p_law: the rows that the text states, which both have rehearsed.
create or replace function adoption_propose(
    p_id uuid, p_draft uuid, p_number integer, p_law jsonb, p_effective date, p_effective_utc timestamptz, p_declared jsonb,
    p_who text, p_session text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform acts(p_who, p_session, array['privacy']);
    perform adoption_next(p_number);
    insert into policy_adoption (id, draft_id, number, law, effective, effective_utc, declared, first_by, first_utc,
                                 second_by, withdrawn_by)
        values (p_id, p_draft, p_number, p_law, p_effective, p_effective_utc, p_declared, p_who, now_utc(), '', '');
end $$;

-- The owner announces a text at the terminal, as the owner adopts one there: alone, and in force on its day. Nobody else may.
create or replace function adoption_announce(
    p_id uuid, p_draft uuid, p_number integer, p_text text, p_sha256 text, p_law jsonb, p_effective date,
    p_effective_utc timestamptz, p_by text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    perform adoption_next(p_number);
    if p_effective_utc <= now_utc() then
        perform refuse('past', 'Its date has passed, so there is nothing to announce.');
    elsif encode(sha256(convert_to(p_text, 'UTF8')), 'hex') <> p_sha256 then
        perform refuse('wrong hash', 'The text is not the one that was checked.');
    end if;
    insert into policy_draft (id, text, sha256, source, saved_by, saved_utc)
        values (p_draft, p_text, p_sha256, 'terminal', p_by, now_utc());
    insert into policy_adoption (id, draft_id, number, law, effective, effective_utc, declared, first_by, first_utc,
                                 second_by, second_utc, withdrawn_by)
        values (p_id, p_draft, p_number, p_law, p_effective, p_effective_utc, '{}', p_by, now_utc(), p_by, now_utc(), '');
end $$;

-- Refuses another number than the next one, and a second adoption beside an open one.
create or replace function adoption_next(p_number integer) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('policy_adoption'));
    if p_number <> coalesce(law_current(), 0) + 1 then
        perform refuse('wrong version', 'The next version is %(next)s, not %(number)s.',
                       jsonb_build_object('next', coalesce(law_current(), 0) + 1, 'number', p_number));
    elsif exists (select from policy_adoption a where a.withdrawn_utc is null and a.adopted_utc is null) then
        perform refuse('open adoption', 'Another draft waits to be adopted. Withdraw it first.');
    end if;
end $$;

-- The second, who names the text by its hash.
create or replace function adoption_approve(p_id uuid, p_sha256 text, p_who text, p_session text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_row policy_adoption;
begin
    perform acts(p_who, p_session, array['privacy']);
    v_row := adoption_open(p_id);
    if v_row.first_by = p_who then
        perform refuse('same person', 'Someone else of the privacy staff has to approve it.');
    elsif v_row.second_by <> '' then
        perform refuse('approved', 'It was approved already.');
    elsif not exists (select from policy_draft d where d.id = v_row.draft_id and d.sha256 = p_sha256) then
        perform refuse('wrong hash', 'The text is not the one that was proposed.');
    end if;
    update policy_adoption set second_by = p_who, second_utc = now_utc() where id = p_id;
end $$;

-- Until it is in force, one person is enough to stop it.
create or replace function adoption_withdraw(p_id uuid, p_who text, p_session text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform acts(p_who, p_session, array['privacy']);
    perform adoption_open(p_id);
    update policy_adoption set withdrawn_by = p_who, withdrawn_utc = now_utc() where id = p_id;
end $$;

-- Puts it in force once its time has come: the text and the rules that two people agreed to, and no other.
create or replace function adoption_run(p_id uuid, p_entry uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_row policy_adoption;
    v_draft policy_draft;
begin
    select * into v_row from policy_adoption a where a.id = p_id for update;
    if v_row.id is null or v_row.second_by = '' or v_row.withdrawn_utc is not null or v_row.adopted_utc is not null
       or v_row.effective_utc > now_utc() then
        return false;
    end if;
    select * into v_draft from policy_draft d where d.id = v_row.draft_id;
    perform adopt(v_row.number, v_draft.text, v_draft.sha256, v_row.effective, v_row.first_by, v_row.law, p_entry,
                  jsonb_build_object('second', v_row.second_by, 'effective', v_row.effective, 'declared', v_row.declared));
    update policy_adoption set adopted_utc = now_utc() where id = p_id;
    return true;
end $$;

create or replace function adoption_open(p_id uuid) returns policy_adoption
language plpgsql set search_path = public, pg_temp as $$
declare
    v_row policy_adoption;
begin
    select * into v_row from policy_adoption a where a.id = p_id for update;
    if v_row.id is null or v_row.withdrawn_utc is not null or v_row.adopted_utc is not null then
        perform refuse('not open', 'It has already been adopted or withdrawn.');
    end if;
    return v_row;
end $$;

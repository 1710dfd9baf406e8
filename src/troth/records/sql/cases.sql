-- Requests: opened, led from state to state and forgotten, each step with the event that says who took it.
-- The application reads the table; it writes it here alone. What a kind keeps beside it has a table of its own.

-- Open a case. Of p_case counts what a request says of itself. When it came in is bounded: farther back for what staff enter,
-- and as far as the data that were kept with it, for their date was bounded then. Gives it as it is stored.
create or replace function case_open(
    p_case jsonb, p_event uuid, p_at timestamptz, p_who text, p_session text) returns request_case
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case := jsonb_populate_record(null::request_case, p_case);
    v_proven timestamptz;
begin
    perform acts(p_who, p_session, case_roles(p_who, v_case.purpose));
    if not exists (select from datum d where d.person_id = v_case.person_id and d.request = v_case.id
                   and d.collected_utc <= v_case.received_utc) then
        perform refuse_dated(v_case.received_utc, case when p_who like 'staff:%' then v_case.manner end);
    end if;
    v_case.received_utc := least(v_case.received_utc, now_utc());
    if v_case.state not in ('received', 'unverified', 'open') then
        perform refuse('not open', 'A request begins received, unverified or open.');
    end if;
    v_proven := case v_case.state when 'open' then v_case.received_utc end;
    insert into request_case (
        id, number, kind, approves, purpose, queue, person_id, account, organization_id, shared, state, manner, regime, business,
        received_utc, confirm_utc, notice_utc, due_utc, law_utc, verified_utc, confirmed_utc, extended_why, reminded, answered_by,
        nature, basis, denial, joined, callback, assigned_to, alarm, facts)
    values (
        v_case.id, v_case.number, v_case.kind, v_case.approves, v_case.purpose, v_case.queue, v_case.person_id, v_case.account,
        case_organization(v_case), case_shared(v_case), v_case.state, v_case.manner, v_case.regime, v_case.business,
        v_case.received_utc, v_case.confirm_utc, v_case.notice_utc, v_case.due_utc, v_case.law_utc, v_proven, v_proven, '', 0,
        '', '', '', '', '', v_case.callback, '', '', v_case.facts)
    returning * into v_case;
    perform case_event(v_case.id, p_event, 'received', p_at, p_who, '');
    perform case_moves(v_case.person_id, v_case.id, null, p_who, v_case.received_utc);
    return v_case;
end $$;

-- Whose colleagues may come to see a request: those of the organization to which whoever asked belongs by their account. What
-- people ask about their own data is theirs alone.
create or replace function case_organization(p_case request_case) returns uuid
language sql stable set search_path = public, pg_temp as $$
    select m.organization_id
    from account_person a join "user" u on u.id = a.user_id
    join membership m on m.person_id = u.person_id and m.role is not null
    where a.person_id = p_case.person_id and p_case.purpose <> 'rights'
$$;

-- What came with data that are shared already is shared with them.
create or replace function case_shared(p_case request_case) returns boolean
language sql stable set search_path = public, pg_temp as $$
    select exists (select from shared_fact f
                   where f.person_id = p_case.person_id and f.shared and p_case.purpose <> 'rights')
$$;

-- What was asked with a fact is shown to colleagues with it (p_organization), or no longer: part of `organization_share`.
create or replace function cases_shared(p_fact uuid, p_organization uuid, p_yes boolean) returns void
language sql set search_path = public, pg_temp as $$
    update request_case set organization_id = coalesce(p_organization, organization_id), shared = p_yes
        where person_id = p_fact and purpose <> 'rights'
$$;

-- Members who leave an organization take their requests along.
create or replace function cases_leave(p_person uuid) returns void
language sql set search_path = public, pg_temp as $$
    update request_case set organization_id = null, shared = false
        where organization_id is not null and person_id in (
            select a.person_id from account_person a join "user" u on u.id = a.user_id where u.person_id = p_person
            union select p_person)
$$;

-- A person's data wait with an open request, and what the person does with it is a contact.
create or replace function case_moves(
    p_person uuid, p_case uuid, p_ended timestamptz, p_who text, p_at timestamptz) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if exists (select from person_key k where k.person_id = p_person) then
        perform event_put(p_person, 'request', p_case, p_ended);
        if p_who = 'person' then
            perform contact(p_person, p_at);
        end if;
    end if;
end $$;

-- Who of the staff leads requests of a purpose: those who receive its data by the policy, and administrators; of privacy
-- requests also privacy people. The roles count for staff alone.
create or replace function case_roles(p_who text, p_purpose text) returns text[]
language plpgsql stable set search_path = public, pg_temp as $$
begin
    if p_who like 'staff:%' then
        return array['admin'] || case p_purpose when 'rights' then array['privacy'] else '{}' end
            || array(select substr(it, length('staff.') + 1) from law_purpose l, unnest(l.recipients) it
                     where l.version_id = law_current() and l.purpose = p_purpose and it like 'staff.%');
    end if;
    return null;
end $$;

create or replace function case_event(
    p_case uuid, p_event uuid, p_what text, p_at timestamptz, p_who text, p_words text) returns void
language sql set search_path = public, pg_temp as $$
    insert into case_event (id, case_id, at_utc, who, what, words)
        values (p_event, p_case, dated(p_at), p_who, p_what, p_words)
$$;

-- What a step may change beside the state and the times that are its own.
create or replace function case_may(p_what text) returns text[] language sql immutable as $$
    select case
        when p_what in ('joined', 'merged') then array['nature', 'joined']
        when p_what = 'unmerged' then array['nature', 'joined', 'due_utc']
        when p_what = 'asked again' then array['callback']
        when p_what = 'passed on' then array['queue', 'alarm']
        when p_what in ('answered', 'denied', 'withdrawn') then array['nature', 'basis', 'denial', 'alarm', 'facts']
        when p_what in ('hold began', 'hold reviewed') then array['facts', 'due_utc']
        when p_what = 'extended' then array['due_utc', 'law_utc', 'notice_utc', 'extended_why']
        when p_what = 'assigned' then array['assigned_to']
        when p_what = 'reopened' then array['waits_for', 'waits_until_utc', 'due_utc', 'nature', 'facts', 'alarm']
        when p_what in ('wrote', 'replied', 'waits', 'resumed', 'undone', 'took in')
            then array['waits_for', 'waits_until_utc', 'due_utc', 'nature', 'facts']
        when p_what in ('received', 'approved', 'verified', 'confirmed', 'erasing', 'exported', 'asked for', 'kept', 'closing') then '{}'
        else array['facts'] end
$$;

-- Take a step with a case, or say what happened with it. p_change: what else changes, as far as the step may. Gives the case
-- as it is now.
create or replace function case_step(
    p_case uuid, p_event uuid, p_what text, p_at timestamptz, p_who text, p_session text, p_words text, p_change jsonb)
returns request_case
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_case request_case;
    v_new request_case;
    v_at timestamptz := dated(p_at);
begin
    select * into v_case from request_case c where c.id = p_case for update;
    perform acts(p_who, p_session, case_roles(p_who, v_case.purpose));
    if p_who = 'program:answers' then  -- a job closes what a member of staff sent an answer to and ordered to be closed
        p_who := case_ordered(p_case, 'closing', p_who);
    end if;
    perform case_allows(v_case, p_what, p_who);
    if exists (select from jsonb_object_keys(p_change) it where it <> all (case_may(p_what))) then
        perform refuse('no such change', 'This step does not change that.');
    end if;
    v_new := jsonb_populate_record(v_case, p_change);
    update request_case set
        state = case p_what when 'verified' then 'open' when 'passed on' then 'open' when 'joined' then 'withdrawn' when 'merged' then 'withdrawn'
                when 'reopened' then 'open' when 'unmerged' then 'open' when 'answered' then 'answered' when 'denied' then 'denied' when 'withdrawn' then 'withdrawn' else state end,
        verified_utc = case p_what when 'verified' then v_at else verified_utc end,
        confirmed_utc = case when p_what in ('verified', 'confirmed') then coalesce(confirmed_utc, v_at) else confirmed_utc end,
        answered_utc = case when p_what in ('joined', 'merged', 'answered', 'denied', 'withdrawn') then v_at when p_what in ('reopened', 'unmerged') then null
                       else answered_utc end,
        answered_by = case when p_what in ('joined', 'merged', 'answered', 'denied', 'withdrawn') then p_who when p_what in ('reopened', 'unmerged') then ''
                      else answered_by end,
        extended_utc = case p_what when 'extended' then v_at else extended_utc end,
        noticed_utc = case p_what when 'extended' then null else noticed_utc end,
        reminded = case p_what when 'extended' then 0 else reminded end,
        nature = v_new.nature, basis = v_new.basis, denial = v_new.denial, joined = v_new.joined, callback = v_new.callback,
        facts = v_new.facts, due_utc = v_new.due_utc, law_utc = v_new.law_utc, notice_utc = v_new.notice_utc,
        asked_by = case when p_what = 'asked for' then substr(p_who, length('staff:') + 1)
                        when p_what in ('kept', 'assigned', 'joined', 'merged', 'answered', 'denied', 'withdrawn') then ''
                        else asked_by end,
        extended_why = v_new.extended_why, assigned_to = v_new.assigned_to, queue = v_new.queue, alarm = v_new.alarm,
        waits_for = case when p_what in ('joined', 'merged', 'answered', 'denied', 'withdrawn') then '' else v_new.waits_for end,
        waits_until_utc = case when p_what in ('joined', 'merged', 'answered', 'denied', 'withdrawn') then null else v_new.waits_until_utc end
    where id = p_case returning * into v_case;
    perform case_event(p_case, p_event, p_what, p_at, p_who, p_words);
    perform case_moves(v_case.person_id, p_case, v_case.answered_utc, p_who, v_at);
    return v_case;
end $$;

-- A note is deleted by who added it within the last hour, as long as an act can be undone. Gives whether it was.
create or replace function case_unnote(p_event uuid, p_who text, p_session text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_purpose text := (select c.purpose from case_event e join request_case c on c.id = e.case_id where e.id = p_event);
begin
    perform acts(p_who, p_session, case_roles(p_who, v_purpose));
    delete from case_event e
        where e.id = p_event and e.what = 'note' and e.who = p_who and p_who like 'staff:%'
          and e.at_utc > now_utc() - interval '1 hour';
    return found;
end $$;

-- Nothing, if the step is one of this case now and of whoever takes it.
create or replace function case_allows(p_case request_case, p_what text, p_who text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if p_case.id is null or p_what = 'received' then
        perform refuse('not open', 'There is no such request.');
    elsif p_what in ('verified', 'joined') and p_case.state <> 'unverified'
       or p_what = 'passed on' and p_case.state not in ('received', 'open')
       or p_what = 'reopened' and (p_case.state not in ('answered', 'withdrawn') or p_case.nature in ('erased', 'joined'))
       or p_what = 'merged' and (p_case.state not in ('open', 'answered', 'withdrawn') or p_case.nature in ('erased', 'joined')
                                 or p_case.law_utc is not null)
       or p_what in ('waits', 'resumed') and p_case.state <> 'open'
       or p_what in ('replied', 'closing') and p_case.state not in ('unverified', 'open')
       or p_what in ('answered', 'denied', 'withdrawn', 'extended', 'assigned', 'asked for', 'kept')
          and p_case.state not in ('received', 'unverified', 'open') then
        perform refuse('not open', 'This request has ended and can’t be changed any more.');
    elsif p_what in ('answered', 'denied', 'withdrawn')
          and exists (select from legal_hold h where h.case_id = p_case.id and h.until_utc is null) then
        perform refuse('on hold', 'The hold is in force. End it first.');
    elsif p_what in ('approved', 'erasing', 'exported', 'extended', 'assigned', 'asked for', 'kept', 'merged', 'unmerged',
                     'took in', 'closing')
          and p_who not like 'staff:%' then
        perform refuse('not staff', 'Only privacy staff and administrators may do this.');
    elsif p_what = 'extended' and p_case.extended_utc is not null then
        perform refuse('extended', 'A request can be extended only once, and before it is due.');
    end if;
    -- Each table is asked only for a step that it decides.
    if p_what in ('answered', 'denied', 'withdrawn') then
        if exists (select from legal_hold h where h.case_id = p_case.id and h.until_utc is null) then
            perform refuse('on hold', 'The hold is in force. End it first.');
        end if;
    elsif p_what = 'unmerged' then
        if p_case.nature <> 'joined' or not exists (
            select from case_event e where e.case_id = p_case.id and e.what = 'merged') then
            perform refuse('not open', 'This request has ended and can’t be changed any more.');
        end if;
    elsif p_what = 'approved' then
        if not exists (select from case_approval a where (a.case_id, a.who) = (p_case.id, p_who)) then
            perform refuse('not approved', 'Nobody approved this.');
        end if;
    elsif p_what in ('erasing', 'exported') then
        if not case_agreed(p_case.id, case p_what when 'erasing' then 'erase' else 'export' end) then
            perform refuse('not approved', 'Two different members of staff must have approved this before.');
        end if;
    end if;
end $$;

-- The member of staff who ordered the step by a session that stood then; where nobody did, the program by itself.
create or replace function case_ordered(p_case uuid, p_what text, p_who text) returns text
language sql stable set search_path = public, pg_temp as $$
    select coalesce((select e.who from case_event e where e.case_id = p_case and e.what = p_what
                     order by e.at_utc desc, e.id desc limit 1), acts(p_who, null))
$$;

-- Ended privacy requests leave the log after their 24 months, by the database's clock. What was approved stays.
-- A room that keeps rows about them deletes these by a function of its own, forgets_in_<room>(cases). Gives how many.
create or replace function case_forget(p_most integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_gone uuid[] := array(
        select c.id from request_case c
        where c.purpose = 'rights' and c.state not in ('unverified', 'open') and c.answered_utc < now_utc() - interval '24 months'
          and not exists (select from case_approval a where a.case_id = c.id)
          and (c.person_id is null or not is_on_hold(c.person_id))
        order by c.answered_utc limit p_most for update skip locked);
    v_room regproc;
begin
    for v_room in
        select p.oid::regproc from pg_proc p
            where p.pronamespace = 'public'::regnamespace and p.proname like 'forgets\_in\_%' order by p.proname
    loop
        execute format('select %s($1)', v_room) using v_gone;
    end loop;
    delete from word_mark w using case_message m where m.id = w.message_id and m.case_id = any (v_gone);
    delete from message_copy k using case_message m where m.id = k.message_id and m.case_id = any (v_gone);
    delete from case_message m where m.case_id = any (v_gone);
    delete from reply_draft r where r.case_id = any (v_gone);
    delete from case_event e where e.case_id = any (v_gone);
    delete from request_case c where c.id = any (v_gone);
    return cardinality(v_gone);
end $$;

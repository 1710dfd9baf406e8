-- Until when data are kept: what happened (event_time) and how long after it the law in force keeps a kind (law_kept).
--
--   event_time   one row a person, event and object; without a moment it goes on, and its time does not run
--   kept_until   the end of one datum, computed; datum.kept_until_utc is the same written down, so that it can be looked up
--   reckon       writes it down anew: after an event, and person by person after a version that changed how long
--
-- While such a reckoning is under way, whoever it has not reached yet is asked of `kept_until` at every use: the gate never
-- waits for a job. troth.policy.lasting says the same in Python; tests/gate/test_times.py compares them.

-- Functions without a search path of their own are called by those that set one: to enter a function with settings takes longer
-- than what these do.

-- The moment so long after another, by the calendar of UTC: as troth.policy.terms.Duration.after.
create or replace function law_time(p_start timestamptz, p_number integer, p_unit text) returns timestamptz
language sql immutable parallel safe as $$
    select least(timestamptz '9999-12-31 23:59:59.999999+00', case
        when p_unit = 'business day' then law_business_time(p_start at time zone 'UTC', p_number)
        else (p_start at time zone 'UTC') + make_interval(
            years => case p_unit when 'year' then p_number else 0 end,
            months => case p_unit when 'month' then p_number else 0 end,
            weeks => case p_unit when 'week' then p_number else 0 end,
            days => case p_unit when 'day' then p_number else 0 end,
            hours => case p_unit when 'hour' then p_number else 0 end) end at time zone 'UTC')
$$;

-- Monday to Friday count; a start on a weekend is that of the Friday before.
create or replace function law_business_time(p_start timestamp, p_number integer) returns timestamp
language sql immutable parallel safe set search_path = public, pg_temp as $$
    select p_start + make_interval(days => p_number / 5 * 7 + p_number % 5 - greatest(0, day - 5)
        + case when least(day, 5) + p_number % 5 > 5 then 2 else 0 end)
    from (select extract(isodow from p_start)::integer as day) it
$$;

-- When the time after an event is over; null while the event goes on, and where a license period has no end yet. Giving data
-- is a contact and a request, too.
create or replace function law_end(
    p_person uuid, p_request uuid, p_collected timestamptz, p_number integer, p_unit text, p_after text) returns timestamptz
language plpgsql stable parallel safe set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_at timestamptz;
    v_goes_on boolean := false;
begin
    if p_after <> 'collection' then
        select bool_or(e.at_utc is null), max(e.at_utc) into v_goes_on, v_at from event_time e
            where e.person_id = p_person and e.event = p_after and (p_after <> 'request' or e.object = p_request);
    end if;
    if v_goes_on or p_after = 'license period' and v_at is null then
        return null;
    end if;
    return law_time(greatest(p_collected, v_at), p_number, p_unit);
end $$;

-- Until when a value given at this moment is kept, by the rule of the last version that states its kind; null while the event
-- goes on, and where a license period has no end yet. Giving data is a contact and a request, too. Where each purpose that may
-- use it has a time of its own for it, it ends with the last of them. Inlined where it is called in a list of tables: for a few
-- data, entering a function for each takes most of the time. p_timed: see law_times_uses.
create or replace function kept_end(
    p_person uuid, p_kind text, p_channel text, p_version integer, p_request uuid, p_collected timestamptz, p_timed boolean)
returns table (until_utc timestamptz)
language sql stable parallel safe rows 1 as $$
    select least(
        case when not coalesce(e.goes_on, false) and (k.after <> 'license period' or e.at_utc is not null)
             then law_time(greatest(p_collected, e.at_utc), k.number, k.unit) end,
        case when p_timed
             then last_use(p_person, p_kind, p_channel, p_version, p_request, p_collected, k.version_id) end)
    from (select it.version_id, it.number, it.unit, it.after from law_kept it where it.kind = p_kind
          order by it.version_id desc limit 1) k,
    lateral (select bool_or(v.at_utc is null) as goes_on, max(v.at_utc) as at_utc from event_time v
             where v.person_id = p_person and v.event = k.after and (k.after <> 'request' or v.object = p_request)) e
$$;

-- The same of one value.
create or replace function kept_until(
    p_person uuid, p_kind text, p_channel text, p_version integer, p_request uuid, p_collected timestamptz)
returns timestamptz
language sql stable parallel safe set search_path = public, pg_temp as $$
    select k.until_utc
    from kept_end(p_person, p_kind, p_channel, p_version, p_request, p_collected, (select law_times_uses())) k
$$;

-- When the last purpose may use a value no more, where each that may use it by the law of this version has a time of its own.
-- Null where one has none, and while what one begins with goes on.
create or replace function last_use(
    p_person uuid, p_kind text, p_channel text, p_version integer, p_request uuid, p_collected timestamptz, p_law integer)
returns timestamptz
language plpgsql stable parallel safe set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    if not exists (select from law_use u where (u.kind, u.channel) = (p_kind, p_channel) and u.kept_number is not null)
       or exists (select from law_use u where (u.version_id, u.kind, u.channel) = (p_law, p_kind, p_channel)
                  and not exists (select from law_use t where (t.kind, t.channel, t.purpose) = (u.kind, u.channel, u.purpose)
                                  and t.kept_number is not null and t.version_id >= p_version)) then
        return null;
    end if;
    return (
        select case when count(*) = count(it.until_utc) then max(it.until_utc) end from (
            select use_until(p_person, p_kind, p_channel, p_version, p_request, p_collected, u.purpose) as until_utc
            from law_use u where (u.version_id, u.kind, u.channel) = (p_law, p_kind, p_channel)) it);
end $$;

-- Until when a purpose may use a value, where any version since it was given has a time of its own for that: the first of them.
-- Null where none has, and while what each begins with goes on.
create or replace function use_until(
    p_person uuid, p_kind text, p_channel text, p_version integer, p_request uuid, p_collected timestamptz, p_purpose text)
returns timestamptz
language plpgsql stable parallel safe set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return (
        select min(law_end(p_person, p_request, p_collected, u.kept_number, u.kept_unit, u.kept_after)) from law_use u
        where (u.kind, u.channel, u.purpose) = (p_kind, p_channel, p_purpose) and u.kept_number is not null
          and u.version_id >= p_version);
end $$;

-- The purpose, if any version gives it times of its own; else null: what then needs no look at them.
create or replace function law_timed(p_purpose text) returns text
language plpgsql stable parallel safe as $$
begin
    return (select u.purpose from law_use u where u.kept_number is not null and u.purpose = p_purpose limit 1);
end $$;

-- Whether any version gives any purpose times of its own. The index of those alone says so at once: until the table's first
-- analysis, the planner would expect to meet one on its first page, and read all pages for none.
create or replace function law_times_uses() returns boolean
language plpgsql stable parallel safe set enable_seqscan = off as $$
begin
    return exists (select from law_use u where u.kept_number is not null);
end $$;

-- Up to which person the ends written down are those of the law in force: the last one there could be, but for a reckoning.
-- Not to be inlined: where policy_version.reckons is asked before, it costs nothing.
create or replace function reckoned_to() returns uuid
language sql stable parallel safe set search_path = public, pg_temp as $$
    select coalesce((select p.after from progress p where p.ended_utc is null and p.step like 'retention by version %'),
                    'ffffffff-ffff-ffff-ffff-ffffffffffff')
$$;

-- Until when this datum is kept, by the law in force now. What was over when it came into force stays so. Inlined where it
-- is called: all that asks whether a datum's time is over asks here.
create or replace function datum_until(d datum, p_reckoned uuid) returns timestamptz
language sql stable parallel safe as $$
    select case when d.person_id <= p_reckoned or d.kept_until_utc <= law_since() then d.kept_until_utc
                else kept_until(d.person_id, d.kind, d.channel, d.version, d.request, d.collected_utc) end
$$;

-- Whether a purpose may use this datum by its own time. p_timed: see law_timed. Inlined where it is called.
create or replace function datum_usable(d datum, p_timed text, p_now timestamptz) returns boolean
language sql stable parallel safe as $$
    select p_timed is null or coalesce(
        use_until(d.person_id, d.kind, d.channel, d.version, d.request, d.collected_utc, p_timed) > p_now, true)
$$;

-- The same by all its times. Inlined, too.
create or replace function datum_open(d datum, p_timed text, p_reckoned uuid, p_now timestamptz) returns boolean
language sql stable parallel safe as $$
    select coalesce(datum_until(d, p_reckoned) > p_now, true) and datum_usable(d, p_timed, p_now)
$$;

-- Of a datum, the purposes with times of their own, and until when each may use it.
create or replace function use_ends(d datum) returns table (purposes text[], untils timestamptz[])
language sql stable parallel safe rows 1 as $$
    select coalesce(array_agg(it.purpose), '{}'), coalesce(array_agg(it.until_utc), '{}') from (
        select own.purpose, use_until(d.person_id, d.kind, d.channel, d.version, d.request, d.collected_utc, own.purpose) as until_utc
        from (select distinct u.purpose from law_use u
              where (u.kind, u.channel) = (d.kind, d.channel) and u.kept_number is not null) own
        order by own.purpose) it
    where it.until_utc is not null
$$;

create or replace function law_since() returns timestamptz
language sql stable parallel safe set search_path = public, pg_temp as $$
    select v.adopted_utc from policy_version v order by v.number desc limit 1
$$;

-- Write down anew until when the data of these people are kept; what is over stays over. Gives how many data changed. What
-- was not over keeps its cohort; who is over now is due, and their data are asked until they are settled. Who is over later
-- than before is still due at the former time, and settled then: each contact moves ends on, and the row that all selections
-- read would be written anew for each. The rows of these people are locked by the caller.
create or replace function reckon(p_people uuid[]) returns integer
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off as $$
declare
    v_now timestamptz := now_utc();
    v_changed integer;
    v_earlier boolean;
    v_timed boolean;
begin
    with law as materialized (
        select v.adopted_utc, case when v.reckons then reckoned_to() end as reckoned,
               exists (select from law_use u where u.kept_number is not null) as timed  -- as law_times_uses
        from policy_version v order by v.number desc limit 1
    ), changed as (
        update datum d set kept_until_utc = anew.until_utc
            from (
                select h.person_id, h.id, h.kept_until_utc as was_utc,
                       case when h.kept_until_utc <= case when h.person_id > law.reckoned then law.adopted_utc else v_now end
                            then h.kept_until_utc else k.until_utc end as until_utc
                from law cross join datum h
                left join lateral kept_end(h.person_id, h.kind, h.channel, h.version, h.request, h.collected_utc, law.timed) k on true
                where h.person_id = any (p_people)
                offset 0) anew  -- computed once
            where (d.person_id, d.id) = (anew.person_id, anew.id) and anew.was_utc is distinct from anew.until_utc
            returning coalesce(anew.until_utc < anew.was_utc, anew.was_utc is null) as earlier
    )
    select count(*), coalesce(bool_or(it.earlier), false), (select law.timed from law) into v_changed, v_earlier, v_timed
        from changed it;
    if v_timed then  -- an event ends or opens uses of what is kept all the same
        perform settle(p_people, v_now);
    elsif v_earlier then
        perform due_by(p_people);
    end if;
    return v_changed;
end $$;

-- The same where only the ends changed.
create or replace function due_by(p_people uuid[]) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    update standing s set settled_until = it.until_utc
    from (select d.person_id, min(coalesce(d.kept_until_utc, 'infinity')) as until_utc
          from datum d where d.person_id = any (p_people) and d.removed_utc is null group by d.person_id) it
    where s.person_id = it.person_id and s.settled_until > it.until_utc;
    if law_times_uses() then
        perform settle(p_people, now_utc());
    end if;
end $$;

-- Before an event of these people is written. Their rows are locked, in the order of their ids; gives who of them there is.
-- What is over for people whom a reckoning has not reached stays over, whatever the event would make of it. An end of before
-- the law came into force is one that no reckoning looks at again.
create or replace function keep_over(p_people uuid[]) returns uuid[]
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan set enable_bitmapscan = off as $$
declare
    v_people uuid[];
    v_reckons boolean;
    v_reckoned uuid;
    v_since timestamptz;
    v_changed uuid[];
begin
    select array(select s.person_id from standing s where s.person_id = any (p_people) order by s.person_id for update),
           exists (select from policy_version v where v.reckons)
        into v_people, v_reckons;
    if not v_reckons then
        return v_people;
    end if;
    v_reckoned := reckoned_to();
    v_since := law_since();
    with changed as (
        update datum d set kept_until_utc = v_since
            where d.person_id = any (p_people) and d.person_id > v_reckoned
            and not coalesce(d.kept_until_utc <= v_since, false)
            and kept_until(d.person_id, d.kind, d.channel, d.version, d.request, d.collected_utc) <= now_utc()
            returning d.person_id
    )
    select array_agg(changed.person_id) into v_changed from changed;
    perform due_by(v_changed);
    return v_people;
end $$;

-- Bring the times of the version in force to more people, in the order of their ids. True while there may be more to do;
-- what is interrupted goes on where it was.
create or replace function reckon_some(p_most integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_step progress;
    v_people uuid[];
    v_changed integer;
begin
    select * into v_step from progress p where p.ended_utc is null and p.step like 'retention by version %' for update;
    if not found then
        return false;
    end if;
    v_people := array(select k.person_id from person_key k where k.person_id > v_step.after
                      order by k.person_id limit p_most);
    perform from standing s where s.person_id = any (v_people) order by s.person_id for update;
    v_changed := reckon(v_people);
    update progress p set after = coalesce(v_people[cardinality(v_people)], p.after), changed = p.changed + v_changed,
                          ended_utc = case when cardinality(v_people) < p_most then now_utc() end
        where p.step = v_step.step;
    if cardinality(v_people) < p_most then
        update policy_version set reckons = false where reckons;
    end if;
    return cardinality(v_people) = p_most;
end $$;

-- Whether a version states other uses than the one before, or other times for them.
create or replace function law_uses_differ(p_number integer) returns boolean
language sql stable set search_path = public, pg_temp as $$
    with stated as (
        select u.version_id, array_agg((u.purpose, u.kind, u.channel, u.kept_number, u.kept_unit, u.kept_after)::text
                                       order by u.purpose, u.kind, u.channel) as uses
        from law_use u where u.version_id in (p_number, p_number - 1) group by u.version_id)
    select count(distinct stated.uses) > 1 or count(*) < 2 from stated
$$;

-- Part of `adopt`: how long the new version keeps each kind. Where that is otherwise than before, stored data are reckoned
-- anew; what a former version left to reckon is done before. p_kept: [{"kind", "number", "unit", "after"}]; p_places: which kinds
-- are a country or a state.
create or replace function adopt_kept(p_number integer, p_kept jsonb, p_places jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_other boolean;
begin
    while reckon_some(5000) loop
        continue;
    end loop;
    select coalesce(bool_or((r.number, r.unit, r.after) is distinct from (k.number, k.unit, k.after)), false) into v_other
        from jsonb_to_recordset(p_kept) as r (kind text, number integer, unit text, after text)
        join (select distinct on (l.kind) l.kind, l.number, l.unit, l.after from law_kept l
              order by l.kind, l.version_id desc) k on k.kind = r.kind;
    insert into law_kept (kind, version_id, number, unit, after, place)
        select r.kind, p_number, r.number, r.unit, r.after, coalesce(p_places ->> r.kind, '')
        from jsonb_to_recordset(p_kept) as r (kind text, number integer, unit text, after text);
    if v_other or law_times_uses() and law_uses_differ(p_number) then
        insert into progress (step, after, changed)
            values ('retention by version ' || p_number, '00000000-0000-0000-0000-000000000000', 0);
        update policy_version set reckons = true where number = p_number;
    end if;
end $$;

-- What happened to a person, or goes on where there is no moment. What is written so already changes no datum's time.
create or replace function event_put(p_person uuid, p_event text, p_object uuid, p_at timestamptz) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if exists (select from event_time e where (e.person_id, e.event, e.object) = (p_person, p_event, p_object)
               and e.at_utc is not distinct from p_at) then
        return;
    end if;
    perform keep_over(array[p_person]);
    insert into event_time (person_id, event, object, at_utc) values (p_person, p_event, p_object, p_at)
        on conflict (person_id, event, object) do update set at_utc = excluded.at_utc;
    perform reckon(array[p_person]);
end $$;

-- A license's period with its end, past or to come.
create or replace function event_note(p_person uuid, p_event text, p_object uuid, p_at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if p_event <> 'license period' then
        perform refuse('not a note', 'Events of this kind are written with their fact.');
    elsif not exists (select from person_key k where k.person_id = p_person) then
        perform refuse('erased', 'This person does not exist or was erased.');
    end if;
    perform event_put(p_person, p_event, p_object, p_at);
end $$;

-- Everyone of the account that this person belongs to, some of them twice; the person alone without one, as almost everyone is.
create or replace function account_people(p_person uuid) returns uuid[]
language plpgsql stable as $$
declare
    v_users bigint[] := array(select m.user_id from account_person m where m.person_id = p_person
                              union all select u.id from "user" u where u.person_id = p_person);
begin
    if v_users = '{}' then
        return array[p_person];
    end if;
    return p_person || array(
        select a.person_id from account_person a where a.user_id = any (v_users)
        union all select u.person_id from "user" u where u.id = any (v_users) and u.person_id is not null);
end $$;

-- A person signed in, sent a form or answered: a contact of everyone of the account. Without a moment, the last one of any of
-- them becomes that of all, for they are one by now. Gives everyone of the account; their rows are locked.
create or replace function contact(p_person uuid, p_at timestamptz default null) returns uuid[]
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_people uuid[] := keep_over(account_people(p_person));
    v_at timestamptz := p_at;
    v_changed integer;
begin
    if v_at is null or cardinality(v_people) > 1 then
        v_at := greatest(v_at, (select max(e.at_utc) from event_time e
                                where e.person_id = any (v_people) and e.event = 'last contact'));
    end if;
    if v_at is not null then
        insert into event_time as e (person_id, event, object, at_utc)
            select it, 'last contact', it, v_at from unnest(v_people) it
            on conflict (person_id, event, object) do update set at_utc = excluded.at_utc where e.at_utc < excluded.at_utc;
        if found then
            v_changed := reckon(v_people);
        end if;
    end if;
    return v_people;
end $$;

-- These people belong to an account from now on, whose own person names it.
create or replace function account_begins(p_user bigint, p_people uuid[]) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_own uuid := (select u.person_id from "user" u where u.id = p_user);
begin
    perform keep_over(p_people);
    insert into event_time (person_id, event, object) select it, 'account', v_own from unnest(p_people) it
        on conflict (person_id, event, object) do update set at_utc = null;
    perform contact(v_own, case when v_own = any (p_people) then now_utc() end);  -- the email was confirmed
    perform reckon(p_people);
end $$;

-- These people belong to an account no longer.
create or replace function account_ends(p_people uuid[]) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    perform keep_over(p_people);
    update event_time set at_utc = now_utc() where person_id = any (p_people) and event = 'account' and at_utc is null;
    perform reckon(p_people);
end $$;

-- What stored facts say of the events of these people: once, after an upgrade from before there were times.
create or replace function times_fill(p_people uuid[]) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    perform keep_over(p_people);
    insert into event_time (person_id, event, object, at_utc)
    select c.person_id, 'request', c.id, case when c.state not in ('received', 'unverified', 'open')
                                              then coalesce(c.answered_utc, c.received_utc) end
        from request_case c where c.person_id = any (p_people)
    union all
    select f.person_id, 'account', f.id, f.expires_utc
        from proof f where f.person_id = any (p_people) and f.what = 'confirm'
    on conflict do nothing;
    insert into event_time (person_id, event, object)
    select a.person_id, 'account', u.person_id from account_person a join "user" u on u.id = a.user_id
        where a.person_id = any (p_people) and u.person_id is not null
    on conflict do nothing;
    -- Who was of an account that is gone: its end counts from where it was said, else from now on.
    insert into event_time (person_id, event, object, at_utc)
    select e.person_id, 'account', e.person_id,
           coalesce(max(e.at_utc) filter (where e.kind = 'unlinked'), now_utc())
        from entry e where e.person_id = any (p_people) and e.kind in ('linked', 'unlinked')
        and not exists (select from account_person a where a.person_id = e.person_id) group by e.person_id
    on conflict do nothing;
    insert into event_time (person_id, event, object, at_utc)
    select p.it, 'last contact', p.it, max(greatest(said.at_utc, took.at_utc))
        from unnest(p_people) p (it)
        cross join lateral unnest(account_people(p.it)) other
        left join lateral (
            select max(e.at_utc) as at_utc from entry e where e.person_id = other and e.who = 'person'
            and (e.kind in ('collected', 'signed in') or e.kind = 'chose' and (e.payload ->> 'yes')::boolean)) said on true
        left join lateral (
            select max(s.at_utc) as at_utc from request_case c join case_event s on s.case_id = c.id
            where c.person_id = other and s.who = 'person') took on true
        group by p.it having max(greatest(said.at_utc, took.at_utc)) is not null
    on conflict do nothing;
    perform reckon(p_people);
end $$;

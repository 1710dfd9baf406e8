-- The law over what the database holds, one row a datum. It says the same as troth.policy.meaning.decide;
-- tests/gate/test_equality.py compares the two over generated histories.

create or replace function law_current() returns integer
language sql stable security definer set search_path = public, pg_temp as $$
    select max(number) from policy_version
$$;

-- The latest answer to a question, or no row.
create or replace function law_answer(p_person uuid, p_question text) returns table (yes boolean, version integer)
language sql stable security definer set search_path = public, pg_temp as $$
    select c.yes, c.version from choice c
    where c.person_id = p_person and c.question = p_question
    order by c.chosen_utc desc, c.id desc limit 1
$$;

create or replace function law_states(p_version integer, p_purpose text, p_kind text, p_channel text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from law_use u where u.version_id = p_version
                   and u.purpose = p_purpose and u.kind = p_kind and u.channel = p_channel)
$$;

-- Codes, in the order in which the law asks. Whatever is allowed has the code 'stated' or 'answered'.
create or replace function law_decide(p_person uuid, p_purpose text, p_now timestamptz)
returns table (datum_id uuid, kind text, code text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    v_current integer := law_current();
    v_rule law_purpose%rowtype;
    v_general boolean;
    v_base_yes boolean;
    v_base_version integer;
begin
    select * into v_rule from law_purpose l where l.version_id = v_current and l.purpose = p_purpose;
    if not found then
        return query select d.id, d.kind, 'unknown purpose' from datum d
                     where d.person_id = p_person and d.removed_utc is null;
        return;
    end if;
    select a.yes into v_general from law_answer(p_person, 'marketing') a;
    select a.yes, a.version into v_base_yes, v_base_version from law_answer(p_person, p_purpose) a;
    return query
    select d.id, d.kind, case
        when not d.kind = any (v_rule.kinds) then 'kind not stated'
        when u.introduced is null then 'channel not stated'
        when d.kept_until_utc <= p_now then 'expired'
        when v_rule.marketing and v_general is false then 'opted out'
        when v_rule.choice = 'sign up' and v_base_yes is null then 'not signed up'
        when v_rule.choice in ('sign up', 'opt out') and v_base_yes is false then 'said no'
        when law_states(d.version, p_purpose, d.kind, d.channel)
             and (v_rule.choice <> 'sign up' or law_states(v_base_version, p_purpose, d.kind, d.channel))
            then 'stated'
        when v_base_yes and law_states(v_base_version, p_purpose, d.kind, d.channel) then 'answered'
        else coalesce(
            (select case when a.yes then 'answered' else 'declined' end
             from law_answer(p_person, p_purpose || '@' || u.introduced) a), 'unanswered')
        end
    from datum d
    left join law_use u on u.version_id = v_current and u.purpose = p_purpose
                       and u.kind = d.kind and u.channel = d.channel
    where d.person_id = p_person and d.removed_utc is null;
end $$;

-- One row a kind that was asked for: allowed if any datum of the kind is; else the latest datum's reason.
create or replace function law_decide_kinds(p_person uuid, p_purpose text, p_kinds text[], p_now timestamptz)
returns table (kind text, code text, allowed boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    select asked.kind, coalesce(best.code, missing.code), coalesce(best.code in ('stated', 'answered'), false)
    from unnest(p_kinds) as asked (kind)
    cross join lateral (
        select case when l.purpose is null then 'unknown purpose'
                    when not asked.kind = any (l.kinds) then 'kind not stated'
                    else 'not held' end as code
        from (select 1) one left join law_purpose l on l.version_id = law_current() and l.purpose = p_purpose
    ) missing
    left join lateral (
        select d.code from law_decide(p_person, p_purpose, p_now) d
        where d.kind = asked.kind
        order by d.code in ('stated', 'answered') desc, d.datum_id desc limit 1
    ) best on true
$$;

-- People whom a purpose may reach by one kind, and who fit a segment of clear kinds it may use. A segment is
-- {"all": [...]}, {"any": [...]} or {"kind": k, "is": [values]}; null fits everybody.
create or replace function law_fits(p_person uuid, p_purpose text, p_segment jsonb, p_now timestamptz) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if p_segment is null or p_segment = 'null'::jsonb then
        return true;
    elsif p_segment ? 'all' then
        return not exists (select from jsonb_array_elements(p_segment -> 'all') as part (it)
                           where not law_fits(p_person, p_purpose, part.it, p_now));
    elsif p_segment ? 'any' then
        return exists (select from jsonb_array_elements(p_segment -> 'any') as part (it)
                       where law_fits(p_person, p_purpose, part.it, p_now));
    end if;
    return exists (
        select from law_decide(p_person, p_purpose, p_now) l
        join datum d on d.person_id = p_person and d.id = l.datum_id
        where l.code in ('stated', 'answered') and d.kind = p_segment ->> 'kind' and d.clear is not null
          and p_segment -> 'is' ? d.clear);
end $$;

create or replace function select_people(p_purpose text, p_kind text, p_segment jsonb, p_now timestamptz)
returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select p.id from person p
    where p.erased_utc is null
      and exists (select from law_decide(p.id, p_purpose, p_now) l
                  where l.kind = p_kind and l.code in ('stated', 'answered'))
      and law_fits(p.id, p_purpose, p_segment, p_now)
$$;

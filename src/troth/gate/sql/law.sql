-- The law as the database asks it. It says the same as troth.policy.meaning.decide; tests/gate/test_equality.py compares
-- the two, the compiled form in Python and a naive oracle over generated histories.

create or replace function law_current() returns integer
language sql stable security definer set search_path = public, pg_temp as $$
    select max(number) from policy_version
$$;

-- How far a code got on the way to yes: of several data of a kind, the one that got furthest speaks for it.
create or replace function law_rank(p_code text) returns integer language sql immutable as $$
    select array_position(array['unknown purpose', 'kind not stated', 'not held', 'channel not stated', 'expired',
        'opted out', 'not signed up', 'said no', 'declined', 'unanswered', 'answered', 'stated'], p_code)
$$;

-- Codes of what a person holds, one row an origin, in the order in which the law asks.
create or replace function law_decide(p_person uuid, p_purpose text, p_now timestamptz)
returns table (kind text, channel text, version integer, code text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    s standing;
    v_rule law_purpose;
    v_said_no boolean;
    v_said_yes boolean;
begin
    select * into s from standing t where t.person_id = p_person;
    select * into v_rule from law_purpose l where l.version_id = law_current() and l.purpose = p_purpose;
    v_said_no := masks_meet(s.no, s.no_more, v_rule.asked, v_rule.asked_more);
    v_said_yes := masks_meet(s.yes, s.yes_more, v_rule.asked, v_rule.asked_more);
    return query
    with held as (
        select o.kind, o.channel, o.version, o.expired
        from origin o where s.settled_until > p_now and o.id = any (select unnest(c.origins) from cohort c
                                                                  where c.id = s.cohort)
        union all
        select h.kind, h.channel, h.version, h.expired
        from origins_held(array[p_person], p_now) h where s.settled_until <= p_now
    )
    select h.kind, h.channel, h.version, case
        when v_rule.purpose is null then 'unknown purpose'
        when not h.kind = any (v_rule.kinds) then 'kind not stated'
        when u.introduced is null then 'channel not stated'
        when h.expired then 'expired'
        when v_rule.marketing and s.opted_out then 'opted out'
        when v_rule.choice = 'sign up' and not v_said_yes and not v_said_no then 'not signed up'
        when v_rule.choice <> 'none' and v_said_no then 'said no'
        when h.version = any (u.stated_in)
             and (v_rule.choice <> 'sign up' or masks_meet(s.yes, s.yes_more, u.agreed, u.agreed_more)) then 'stated'
        when masks_meet(s.yes, s.yes_more, u.agreed, u.agreed_more)
             or masks_meet(s.yes, s.yes_more, u.own, u.own_more) then 'answered'
        when masks_meet(s.no, s.no_more, u.own, u.own_more) then 'declined'
        else 'unanswered' end
    from held h
    left join law_use u on u.version_id = v_rule.version_id and u.purpose = p_purpose
                       and u.kind = h.kind and u.channel = h.channel;
end $$;

-- One row a kind that was asked for.
create or replace function law_decide_kinds(p_person uuid, p_purpose text, p_kinds text[], p_now timestamptz)
returns table (kind text, code text, allowed boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    select asked.kind, coalesce(held.code, missing.code), coalesce(held.code in ('stated', 'answered'), false)
    from unnest(p_kinds) as asked (kind)
    left join (
        select l.kind, (array_agg(l.code order by law_rank(l.code) desc))[1] as code
        from law_decide(p_person, p_purpose, p_now) l group by l.kind
    ) held on held.kind = asked.kind
    cross join lateral (
        select case when rule.purpose is null then 'unknown purpose'
                    when not asked.kind = any (rule.kinds) then 'kind not stated'
                    else 'not held' end as code
        from (select 1) one
        left join law_purpose rule on rule.version_id = law_current() and rule.purpose = p_purpose
    ) missing
$$;

-- Number the questions of a version and write down, use by use, which answers open it. Changes nothing if done before.
create or replace function law_compile(p_number integer) returns void
language sql set search_path = public, pg_temp as $$
    insert into law_question (bit, question, version_id)
    select (select coalesce(max(bit) + 1, 0) from law_question) + row_number() over (order by asked.version, asked.question) - 1,
           asked.question, asked.version
    from (
        select l.purpose as question, l.version_id as version from law_purpose l
        where l.version_id = p_number and l.choice <> 'none'
        union
        select u.purpose || '@' || u.introduced, u.introduced from law_use u where u.version_id = p_number
    ) asked
    where not exists (select from law_question q where (q.question, q.version_id) = (asked.question, asked.version));

    update law_purpose l set asked = mask_word(bits.it), asked_more = mask_more(bits.it)
    from (select q.question, array_agg(q.bit) as it from law_question q group by q.question) bits
    where l.version_id = p_number and bits.question = l.purpose;

    update law_use u set
        stated_in = array(select v.version_id from law_use v where (v.purpose, v.kind, v.channel) = (u.purpose, u.kind, u.channel)
                          and v.version_id <= p_number order by 1),
        agreed = mask_word(agreed.bits), agreed_more = mask_more(agreed.bits),
        own = mask_word(own.bits), own_more = mask_more(own.bits)
    from law_use w,
        lateral (select array_agg(q.bit) as bits from law_question q join law_use v on v.version_id = q.version_id
                 where q.question = w.purpose and v.version_id <= p_number
                   and (v.purpose, v.kind, v.channel) = (w.purpose, w.kind, w.channel)) agreed,
        lateral (select array_agg(q.bit) as bits from law_question q
                 where q.question = w.purpose || '@' || w.introduced and q.version_id = w.introduced) own
    where u.version_id = p_number and (w.version_id, w.purpose, w.kind, w.channel) = (u.version_id, u.purpose, u.kind, u.channel);
$$;

-- What the program's own compiled law needs of people, in one look: no value, no address. Erased people have no row.
create or replace function standings_of(p_people uuid[])
returns table (person uuid, cohort integer, yes bigint, yes_more bigint[], no bigint, no_more bigint[],
               opted_out boolean, settled_until float8, version integer)
language sql stable security definer set search_path = public, pg_temp as $$
    select s.person_id, s.cohort, s.yes, s.yes_more, s.no, s.no_more, s.opted_out, extract(epoch from s.settled_until)::float8,
           (select max(number) from policy_version)
    from standing s where s.person_id = any (p_people)
$$;

create or replace function standing_of(p_person uuid)
returns table (cohort integer, yes bigint, yes_more bigint[], no bigint, no_more bigint[],
               opted_out boolean, settled_until float8, version integer)
language sql stable security definer set search_path = public, pg_temp as $$
    select s.cohort, s.yes, s.yes_more, s.no, s.no_more, s.opted_out, extract(epoch from s.settled_until)::float8,
           (select max(number) from policy_version)
    from standing s where s.person_id = p_person
$$;

-- The law as the database asks it. It says the same as troth.policy.meaning.decide; tests/gate/test_equality.py compares
-- the two, the compiled form in Python and a naive oracle over generated histories.

create or replace function law_current() returns integer
language sql stable security definer set search_path = public, pg_temp as $$
    select max(number) from policy_version
$$;

-- How far a code got on the way to yes: of several data of a kind, the one that got furthest speaks for it.
create or replace function law_ranks() returns text[] language sql immutable as $$
    select array['unknown purpose', 'kind not stated', 'topic not stated', 'not held', 'channel not stated', 'expired',
                 'opted out', 'not signed up', 'said no', 'topic not signed up', 'topic refused', 'declined', 'unanswered',
                 'answered', 'stated']
$$;

-- Whether what stands of a person says by itself what the law gives; else its data are looked at. Not for anyone of whom
-- nothing stands.
-- A table, for such a function is inlined where it is called; to enter one that gives a value takes as long as the answer.
create or replace function law_settled(p_person uuid, p_now timestamptz) returns table (settled boolean)
language sql stable parallel safe rows 1 as $$
    select count(*) > 0
    from standing t, (select v.reckons from policy_version v order by v.number desc limit 1) v
    where t.person_id = p_person and t.settled_until > p_now and (not v.reckons or p_person <= reckoned_to())
$$;

-- What the law says of a person's class about a purpose, if what stands of them says it by itself: else no row. Without kinds, it
-- was not worked out yet: `law_answer_make` does. Inlined where it is called.
create or replace function law_answered(p_person uuid, p_purpose text, p_now timestamptz)
returns table (class_id integer, version integer, section text, kinds text[], codes text[], opened text[], timed boolean)
language sql stable parallel safe rows 1 as $$
    select t.class_id, v.number, a.section, a.kinds, a.codes, a.opened, a.timed
    from (select it.number, it.reckons from policy_version it order by it.number desc limit 1) v
    join standing t on t.person_id = p_person and t.settled_until > p_now
                   and (not v.reckons or p_person <= reckoned_to())
    left join law_answer a on a.class_id = t.class_id and a.purpose = p_purpose and a.version = v.number
$$;

-- Work out what a version says of a class about a purpose, and keep it. Nothing where it does not state the purpose. A class
-- never changes, and neither does an adopted version. Nobody waits for another who keeps the same.
create or replace function law_answer_make(p_class integer, p_version integer, p_purpose text) returns law_answer
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_rule law_purpose;
    v_made law_answer;
begin
    select * into v_rule from law_purpose l where l.version_id = p_version and l.purpose = p_purpose;
    if not found then
        return null;
    end if;
    v_made.class_id := p_class; v_made.purpose := p_purpose; v_made.version := p_version; v_made.section := v_rule.section;
    with held as materialized (
        select origin_name(o.kind, o.channel, o.version) as origin, o.kind,
               law_code(k, v_rule, law_choice(v_rule, c.region), u, o.kind, o.version,
                        o.expired or p_purpose = any (o.ended)) as code
        from standing_class k
        join cohort c on c.id = k.cohort
        join origin o on o.id = any (c.origins)
        left join law_use u on u.version_id = p_version and u.purpose = p_purpose
                           and u.kind = o.kind and u.channel = o.channel
        where k.id = p_class
    ), best as (
        select stated.kind, coalesce((law_ranks())[max(array_position(law_ranks(), held.code))], 'not held') as code
        from unnest(v_rule.kinds) stated (kind) left join held on held.kind = stated.kind group by stated.kind
    )
    select array_agg(best.kind), array_agg(best.code),
           coalesce((select array_agg(held.origin) from held where held.code in ('stated', 'answered')), '{}'),
           law_timed(p_purpose) is not null
        into v_made.kinds, v_made.codes, v_made.opened, v_made.timed from best;
    if pg_try_advisory_xact_lock(p_class, hashtext(p_purpose)) then
        insert into law_answer (class_id, purpose, version, section, kinds, codes, opened, timed)
            values (p_class, p_purpose, p_version, v_made.section, v_made.kinds, v_made.codes, v_made.opened, v_made.timed)
            on conflict do nothing;
    end if;
    return v_made;
end $$;

-- Where data come from, in one word: so the answer about a class says what it opens without a look at each origin.
create or replace function origin_name(p_kind text, p_channel text, p_version integer) returns text
language sql immutable parallel safe as $$
    select p_kind || ' ' || p_channel || ' ' || p_version::text
$$;

-- The code of a kind by such an answer. Inlined where it is called.
create or replace function law_answer_code(p_kinds text[], p_codes text[], p_kind text) returns text
language sql immutable as $$
    select coalesce(p_codes[array_position(p_kinds, p_kind)], 'kind not stated')
$$;

-- Codes of what a person holds. Inlined where it is called, as long as no argument is volatile: entering a function with
-- settings of its own takes as long as the answer. Only one half is run. Each table is asked by what is known from the
-- start: joined to law_purpose, law_use would be read for all versions.
create or replace function law_decide(p_person uuid, p_purpose text, p_now timestamptz)
returns table (kind text, channel text, version integer, code text)
language sql stable parallel safe as $$
    select o.kind, o.channel, o.version, law_code(k, l, law_choice(l, c.region), u, o.kind, o.version,
                                                    o.expired or p_purpose = any (o.ended))
    from standing t
    join standing_class k on k.id = t.class_id
    join cohort c on c.id = k.cohort
    join origin o on o.id = any (c.origins)
    left join law_purpose l on l.version_id = (select max(number) from policy_version) and l.purpose = p_purpose
    left join law_use u on u.version_id = (select max(number) from policy_version) and u.purpose = p_purpose
                       and u.kind = o.kind and u.channel = o.channel
    where t.person_id = p_person and (select s.settled from law_settled(p_person, p_now) s)
    union all
    select h.kind, h.channel, h.version, law_code(k, l, law_choice(l, lives.region), u, h.kind, h.version,
                                                    h.expired or p_purpose = any (h.ended))
    from origins_held(array[p_person], p_now) h
    left join regions_held(array[p_person], p_now) lives on true
    left join standing t on t.person_id = p_person
    left join standing_class k on k.id = t.class_id
    left join law_purpose l on l.version_id = (select max(number) from policy_version) and l.purpose = p_purpose
    left join law_use u on u.version_id = (select max(number) from policy_version) and u.purpose = p_purpose
                       and u.kind = h.kind and u.channel = h.channel
    where not (select s.settled from law_settled(p_person, p_now) s)
$$;

-- The choice that people of a region have; who is of none that is known has the strictest. Inlined where it is called.
create or replace function law_choice(p_rule law_purpose, p_region text) returns text
language sql immutable parallel safe as $$
    select coalesce(p_rule.choices ->> p_region, p_rule.choices ->> '', p_rule.choice)
$$;

-- Inlined where it is called.
create or replace function law_code(k standing_class, p_rule law_purpose, p_choice text, u law_use, p_kind text,
                                    p_version integer, p_expired boolean) returns text
language sql immutable as $$
    select case
        when p_rule.purpose is null then 'unknown purpose'
        when not p_kind = any (p_rule.kinds) then 'kind not stated'
        when u.introduced is null then 'channel not stated'
        when p_expired then 'expired'
        when p_rule.marketing and k.opted_out then 'opted out'
        when p_choice <> 'none' and masks_meet(k.no, k.no_more, p_rule.asked, p_rule.asked_more) then 'said no'
        when p_choice = 'sign up' and not masks_meet(k.yes, k.yes_more, p_rule.asked, p_rule.asked_more)
            then 'not signed up'
        when p_version = any (u.stated_in)
             and (p_choice <> 'sign up' or masks_meet(k.yes, k.yes_more, u.agreed, u.agreed_more)) then 'stated'
        when masks_meet(k.yes, k.yes_more, u.agreed, u.agreed_more)
             or masks_meet(k.yes, k.yes_more, u.own, u.own_more) then 'answered'
        when masks_meet(k.no, k.no_more, u.own, u.own_more) then 'declined'
        else 'unanswered' end
$$;

-- One row a kind that was asked for: of several data of a kind, the one that got furthest on the way to yes. Inlined, too.
create or replace function law_decide_kinds(p_person uuid, p_purpose text, p_kinds text[], p_now timestamptz)
returns table (kind text, code text)
language sql stable rows 5 as $$
    select asked.kind, coalesce(
        (law_ranks())[max(array_position(law_ranks(), l.code))],
        case when r.kinds is null then 'unknown purpose'
             when not asked.kind = any (r.kinds) then 'kind not stated' else 'not held' end)
    from unnest(p_kinds) asked (kind)
    left join law_decide(p_person, p_purpose, p_now) l on l.kind = asked.kind
    left join law_purpose r on r.version_id = (select max(number) from policy_version) and r.purpose = p_purpose
    group by asked.kind, r.kinds
$$;

-- The latest answer to a question about a topic; null where there is none. Its index holds such questions only.
create or replace function topic_answer(p_person uuid, p_purpose text, p_topic text) returns boolean
language sql stable parallel safe set search_path = public, pg_temp as $$
    select c.yes from choice c
    where c.question = p_purpose || '/' || p_topic and c.question like '%/%' and c.person_id = p_person
    order by c.chosen_utc desc, c.id desc limit 1
$$;

-- A code of a use whose topic is closed with this code, or not where that is empty: what the topic closes is closed, whatever
-- got so far without it. Inlined where it is called.
create or replace function law_close(p_code text, p_closed text) returns text
language sql immutable as $$
    select case when p_closed <> '' and array_position(law_ranks(), p_code) > array_position(law_ranks(), p_closed)
                     and (p_closed = 'topic not stated' or p_code in ('declined', 'unanswered', 'answered', 'stated'))
                then p_closed else p_code end
$$;

-- Why a topic of a purpose is closed for a person, or an empty text.
create or replace function law_topic_code(p_person uuid, p_purpose text, p_topic text) returns text
language sql stable parallel safe set search_path = public, pg_temp as $$
    select coalesce((
        select case when p_topic = '' then ''
                    when not (p_topic = any (l.topics) or '*' = any (l.topics)) then 'topic not stated'
                    else case topic_answer(p_person, p_purpose, p_topic)
                             when true then '' when false then 'topic refused'
                             else case when law_choice(l, region_held(p_person)) = 'sign up' then 'topic not signed up' else '' end end end
        from law_purpose l where l.version_id = (select max(number) from policy_version) and l.purpose = p_purpose), '')
$$;

-- What the program's own compiled law needs of people for one topic: whether it is closed, and how.
create or replace function topic_codes(p_people uuid[], p_purpose text, p_topic text)
returns table (person uuid, code text)
language sql stable security definer set search_path = public, pg_temp as $$
    select it, law_topic_code(it, p_purpose, p_topic) from unnest(p_people) it
$$;

-- What a version states, as it stays: its questions get their numbers, its purposes and uses the answers that open them. Part of
-- `adopt`, which says what its rows are.
create or replace function law_write(p_number integer, p_purposes jsonb, p_uses jsonb) returns void
language sql set search_path = public, pg_temp set enable_nestloop = off as $$
    insert into law_question (bit, question, version_id)
    select (select coalesce(max(bit) + 1, 0) from law_question) + row_number() over (order by asked.version, asked.question) - 1,
           asked.question, asked.version
    from (
        select r.purpose as question, p_number as version
        from jsonb_to_recordset(p_purposes) as r (purpose text, choice text) where r.choice <> 'none'
        union
        select r.purpose || '@' || r.introduced, r.introduced
        from jsonb_to_recordset(p_uses) as r (purpose text, introduced integer)
    ) asked
    where not exists (select from law_question q where (q.question, q.version_id) = (asked.question, asked.version));

    insert into law_purpose (version_id, purpose, choice, marketing, recipients, kinds, section, topics, choices, serves,
                             asked, asked_more)
    select p_number, r.purpose, r.choice, r.marketing, r.recipients, r.kinds, r.section, coalesce(r.topics, '{}'),
           r.choices, r.serves, mask_word(bits.it), mask_more(bits.it)
    from jsonb_to_recordset(p_purposes)
        as r (purpose text, choice text, marketing boolean, recipients text[], kinds text[], section text, topics text[],
              choices jsonb, serves jsonb)
    left join (select q.question, array_agg(q.bit) as it from law_question q group by q.question) bits
        on bits.question = r.purpose;

    -- By the version before, which says already what all former ones state.
    with stated as materialized (
        select r.purpose, r.kind, r.channel, r.introduced, r.kept_number, r.kept_unit, r.kept_after,
               r.purpose || '@' || r.introduced as asked,
               coalesce(b.stated_in, (
                   select f.stated_in from policy_version v
                   join law_use f on f.version_id = v.number
                                 and (f.purpose, f.kind, f.channel) = (r.purpose, r.kind, r.channel)
                   where v.number < p_number - 1 order by v.number desc limit 1), '{}') || p_number as stated_in
        from jsonb_to_recordset(p_uses)
            as r (purpose text, kind text, channel text, introduced integer, kept_number integer, kept_unit text,
                  kept_after text)
        left join law_use b on b.version_id = p_number - 1
                           and (b.purpose, b.kind, b.channel) = (r.purpose, r.kind, r.channel)
    ), agreeing as materialized (
        select s.purpose, s.stated_in, mask_word(array_agg(q.bit) filter (where q.bit is not null)) as mask,
               mask_more(array_agg(q.bit) filter (where q.bit is not null)) as more
        from (select distinct it.purpose, it.stated_in from stated it) s
        left join law_question q on q.question = s.purpose and q.version_id = any (s.stated_in)
        group by s.purpose, s.stated_in
    ), asking as materialized (
        select q.question, q.version_id, mask_word(array[q.bit]) as mask, mask_more(array[q.bit]) as more
        from law_question q
    )
    insert into law_use (version_id, purpose, kind, channel, introduced, kept_number, kept_unit, kept_after,
                         stated_in, agreed, agreed_more, own, own_more)
    select p_number, s.purpose, s.kind, s.channel, s.introduced, s.kept_number, s.kept_unit, s.kept_after,
           s.stated_in, a.mask, a.more, q.mask, q.more
    from stated s
    left join agreeing a on a.purpose = s.purpose and a.stated_in = s.stated_in
    left join asking q on q.question = s.asked and q.version_id = s.introduced;
$$;

-- The same for a version that a release adopted which did not write so much of it.
create or replace function law_write_again(p_number integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_purposes jsonb := (select jsonb_agg(to_jsonb(l)) from law_purpose l where l.version_id = p_number);
    v_uses jsonb := (select jsonb_agg(to_jsonb(u)) from law_use u where u.version_id = p_number);
begin
    delete from law_purpose where version_id = p_number;
    delete from law_use where version_id = p_number;
    perform law_write(p_number, v_purposes, v_uses);
end $$;

-- What the program's own compiled law needs of people, in one look: no value, no address. Erased people have no row.
create or replace function standings_of(p_people uuid[])
returns table (person uuid, cohort integer, yes bigint, yes_more bigint[], no bigint, no_more bigint[],
               opted_out boolean, settled_until float8, version integer)
language sql stable security definer set search_path = public, pg_temp as $$
    select s.person_id, k.cohort, k.yes, k.yes_more, k.no, k.no_more, k.opted_out,
           case when v.reckons and s.person_id > reckoned_to() then 0 else extract(epoch from s.settled_until)::float8 end,
           v.number
    from standing s join standing_class k on k.id = s.class_id,
         (select v.number, v.reckons from policy_version v order by v.number desc limit 1) v
    where s.person_id = any (p_people)
$$;

-- All names are written out, so no search path need be set for it: this is asked at every decision.
create or replace function standing_of(p_person uuid)
returns table (cohort integer, yes bigint, yes_more bigint[], no bigint, no_more bigint[],
               opted_out boolean, settled_until float8, version integer)
language sql stable rows 1 security definer as $$
    select k.cohort, k.yes, k.yes_more, k.no, k.no_more, k.opted_out,
           case when v.reckons and s.person_id operator(pg_catalog.>) public.reckoned_to() then 0
                else pg_catalog.date_part('epoch', s.settled_until) end, v.number
    from public.standing s join public.standing_class k on k.id operator(pg_catalog.=) s.class_id,
         (select v.number, v.reckons from public.policy_version v order by v.number desc limit 1) v
    where s.person_id operator(pg_catalog.=) p_person
$$;

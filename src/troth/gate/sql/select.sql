-- Selections: the law is asked once a class of people, then one query finds the people of those classes who match the
-- segment. Where a choice differs by region, that is done once for each choice, with the cohorts of its regions. The texts built here hold numbers and quoted literals only; they speak of s (standing), k (its class), d (datum)
-- and $1 (now).

create or replace function law_meets_text(p_column text, p_word bigint, p_more bigint[]) returns text
language sql immutable set search_path = public, pg_temp as $$
    select case when p_more is null then format('(%s & %s) <> 0', p_column, p_word)
                else format('masks_meet(%1$s, %1$s_more, %2$s, %3$L::bigint[])', p_column, p_word, p_more) end
$$;

-- The condition under which answers open a use that its datum's version did not state, or that wants a sign-up.
create or replace function law_opened_text(p_rule law_purpose, p_use law_use) returns text
language sql stable set search_path = public, pg_temp as $$
    select format(case when p_rule.choice <> 'sign up' then '(%1$s or %3$s)'
                       when (p_use.agreed, p_use.agreed_more) is not distinct from (p_rule.asked, p_rule.asked_more)
                           then '%1$s'  -- whoever signed up agreed to this use
                       else '(%1$s or (%2$s and %3$s))' end,
                  law_meets_text('k.yes', p_use.agreed, p_use.agreed_more),
                  law_meets_text('k.yes', p_rule.asked, p_rule.asked_more),
                  law_meets_text('k.yes', p_use.own, p_use.own_more))
$$;

-- What closes the purpose for a person as a whole: the general opt-out, a no, no sign-up where it wants one.
create or replace function law_person_text(p_rule law_purpose) returns text
language sql stable set search_path = public, pg_temp as $$
    select case when p_rule.marketing then 'not k.opted_out' else 'true' end
        || case when p_rule.choice = 'none' then ''
                else ' and not ' || law_meets_text('k.no', p_rule.asked, p_rule.asked_more) end
        || case when p_rule.choice <> 'sign up' then ''
                else ' and ' || law_meets_text('k.yes', p_rule.asked, p_rule.asked_more) end
$$;

-- What a topic closes, asked after all else: one look into the index of topics' answers for each person who is left.
create or replace function law_topic_text(p_rule law_purpose, p_topic text) returns text
language sql immutable set search_path = public, pg_temp as $$
    select case when p_topic = '' then ''
                else format(' and coalesce((select c.yes from choice c where c.question = %L and c.question like %L'
                            ' and c.person_id = s.person_id order by c.chosen_utc desc, c.id desc limit 1), %L)',
                            p_rule.purpose || '/' || p_topic, '%/%', p_rule.choice <> 'sign up') end
$$;

-- Until when a datum is kept: as it is written down, but while stored data are reckoned.
create or replace function law_until_text() returns text
language sql stable set search_path = public, pg_temp as $$
    select case when law_reckons() then format('datum_until(d, %L)', reckoned_to()) else 'd.kept_until_utc' end
$$;

create or replace function law_reckons() returns boolean
language sql stable set search_path = public, pg_temp as $$
    select v.reckons from policy_version v order by v.number desc limit 1
$$;

-- The condition on one datum of a kind, beside that of the person.
create or replace function law_datum_text(p_rule law_purpose, p_kind text) returns text
language sql stable set search_path = public, pg_temp as $$
    select format('d.kind = %L and d.removed_utc is null and coalesce(%s > $1, true)%s and (%s)', p_kind, law_until_text(),
        case when law_timed(p_rule.purpose) is null then '' else format(
            ' and coalesce(use_until(d.person_id, d.kind, d.channel, d.version, d.request, d.collected_utc, %L) > $1, true)',
            p_rule.purpose) end,
        coalesce(string_agg(format('(d.channel = %L and (%s))', u.channel,
            case when p_rule.choice = 'sign up' then law_opened_text(p_rule, u)
                 else format('d.version = any (%L) or %s', u.stated_in, law_opened_text(p_rule, u)) end),
            ' or ' order by u.channel), 'false'))
    from law_use u
    where (u.version_id, u.purpose, u.kind) = (p_rule.version_id, p_rule.purpose, p_kind)
$$;

-- The classes that the purpose may reach by one kind, as a query: their cohort has an origin that needs no answer, or one
-- that their answers open. The cohorts of each of these ways are hashed, after the index found them: to compare the origins of
-- each cohort, and to join them to its classes, takes longer. p_regions: null where all have the choice of the rule. Only
-- classes after one and up to another, for those before may be known: see reach.sql.
create or replace function law_classes_text(
    p_rule law_purpose, p_kind text, p_regions text[], p_after integer, p_until integer) returns text
language sql stable set search_path = public, pg_temp as $$
    with came_by as (
        select o.id, case when p_rule.choice <> 'sign up' and o.version = any (u.stated_in) then 'true'
                          else law_opened_text(p_rule, u) end as opened
        from law_use u join origin o on (o.kind, o.channel) = (u.kind, u.channel) and not o.expired and not u.purpose = any (o.ended)
        where (u.version_id, u.purpose, u.kind) = (p_rule.version_id, p_rule.purpose, p_kind)
    ), ways as (
        select opened, array_agg(id order by id) as origins from came_by group by opened
    )
    select format('select k.id from standing_class k where k.id > %s and k.id <= %s and %s and (%s)', p_after, p_until,
                  law_person_text(p_rule), string_agg(
                  format('(%s and k.cohort in (select c.id from cohort c where c.origins && %L::integer[]%s))', opened, origins,
                         case when p_regions is null then '' else format(' and c.region = any (%L)', p_regions) end),
                  ' or ' order by opened))
    from ways having count(*) > 0
$$;

-- The bits of these places, 64 a word; int8send writes the highest byte first, so the first eight go there. Inlined.
create or replace function bitmap_words(p_places integer[]) returns table (word integer, bits bigint)
language sql immutable as $$
    select o >> 6, bit_or(1::bigint << ((o & 63) # 56)) from unnest(p_places) o group by 1
$$;

-- The condition on a person's class. The planner looks few classes up in the index, with all that is asked of them; of many
-- it would take longer to look each up among the others than to look at one bit.
create or replace function law_among_text(p_reach law_reach) returns text
language sql stable set search_path = public, pg_temp as $$
    select case
        when p_reach.bits is null and p_reach.classes = '{}' then 'false'
        when p_reach.bits is null then format('s.class_id = any (%L::integer[])', p_reach.classes)
        else format('get_bit(%L::bytea, s.class_id) <> 0',
                    bits_until(p_reach.bits, (select max(s.class_id) from standing s))) end
$$;

-- Reads only; one function that is not parallel safe keeps the whole selection to one core.
create or replace function law_reaches(p_person uuid, p_purpose text, p_kind text, p_now timestamptz) returns boolean
language sql stable parallel safe set search_path = public, pg_temp as $$
    select exists (select from law_decide(p_person, p_purpose, p_now) l
                   where l.kind = p_kind and l.code in ('stated', 'answered'))
$$;

-- A version such as 10.2.1 as numbers to compare; null for what is none.
create or replace function version_numbers(p_text text) returns bigint[]
language sql immutable parallel safe set search_path = public, pg_temp as $$
    select case when p_text ~ '^[0-9]{1,9}([.][0-9]{1,9}){0,5}$' then string_to_array(p_text, '.')::bigint[] end
$$;

-- While stored data are reckoned: of whom that has not reached yet, a cohort tells who may be reached, and the data who is.
create or replace function law_reckoned_text(p_rule law_purpose, p_kind text) returns text
language sql stable set search_path = public, pg_temp as $$
    select case when law_reckons() then format(
        ' and (s.person_id <= %L or exists (select from datum d where d.person_id = s.person_id and %s))',
        reckoned_to(), law_datum_text(p_rule, p_kind)) else '' end
$$;

-- A segment: {"all": [...]}, {"any": [...]}, {"not": {...}}, {"kind": k, "is": [values]}, or {"kind": k, "product": p,
-- "at_least": v, "below": v} for values like "product@10.2.1". Only data that the purpose may use choose or exclude anybody.
create or replace function law_segment_text(p_rule law_purpose, p_segment jsonb) returns text
language plpgsql stable set search_path = public, pg_temp as $$
declare
    v_parts text;
begin
    if p_segment is null or p_segment = 'null'::jsonb then
        return 'true';
    elsif p_segment ? 'all' then
        select string_agg(law_segment_text(p_rule, it), ' and ') into v_parts from jsonb_array_elements(p_segment -> 'all') it;
        return format('(%s)', coalesce(v_parts, 'true'));
    elsif p_segment ? 'any' then
        select string_agg(law_segment_text(p_rule, it), ' or ') into v_parts from jsonb_array_elements(p_segment -> 'any') it;
        return format('(%s)', coalesce(v_parts, 'false'));
    elsif p_segment ? 'not' then
        return format('not %s', law_segment_text(p_rule, p_segment -> 'not'));
    end if;
    perform law_refuse_segment(p_rule, p_segment ->> 'kind');
    return format('exists (select from datum d where d.person_id = s.person_id and %s and %s)',
                  law_datum_text(p_rule, p_segment ->> 'kind'), law_value_text(p_segment));
end $$;

create or replace function law_value_text(p_segment jsonb) returns text
language sql stable set search_path = public, pg_temp as $$
    select case when p_segment ? 'is' then
        format('left(d.clear, 200) = any (%L) and d.clear = any (%L)',
               array(select left(it, 200) from jsonb_array_elements_text(p_segment -> 'is') it),
               array(select it from jsonb_array_elements_text(p_segment -> 'is') it))
    else
        format('split_part(d.clear, ''@'', 1) = %L and version_numbers(split_part(d.clear, ''@'', 2)) >= %L::bigint[] and '
               'coalesce(version_numbers(split_part(d.clear, ''@'', 2)) < %L::bigint[], true)', p_segment ->> 'product',
               coalesce(version_numbers(p_segment ->> 'at_least'), '{0}'), version_numbers(p_segment ->> 'below'))
    end
$$;

-- The gate refuses such a segment when it is written; the database does not take the gate's word for it.
create or replace function law_refuse_segment(p_rule law_purpose, p_kind text) returns void
language plpgsql stable set search_path = public, pg_temp as $$
begin
    if not coalesce(p_kind = any (p_rule.kinds), false) then
        perform refuse('segment not stated', 'The policy does not let %(purpose)s use %(kind)s, so it cannot choose people by it.',
                       jsonb_build_object('purpose', p_rule.purpose, 'kind', coalesce(p_kind, 'nothing')));
    end if;
end $$;

-- A rule as it is for people of some regions, one row for each choice that there is; regions null where there is one for all.
create or replace function law_by_choice(p_rule law_purpose) returns table (rule law_purpose, regions text[])
language plpgsql stable rows 1 set search_path = public, pg_temp as $$
declare
    v_rule law_purpose := p_rule;
    v_each record;
begin
    if p_rule.choices is null then
        return query select p_rule, null::text[];
        return;
    end if;
    for v_each in
        select law_choice(p_rule, c.region) as choice, array_agg(c.region) as regions
        from (select distinct region from cohort) c group by 1 order by 1
    loop
        v_rule.choice := v_each.choice;
        return query select v_rule, v_each.regions;
    end loop;
end $$;

-- The people as a query of its own: those who are settled by their classes, and the few that are due by the law itself.
-- Where nobody is due, neither is asked about. Null for a purpose or a topic that the policy does not state.
create or replace function law_selection_text(
    p_purpose text, p_kind text, p_segment jsonb, p_topic text, p_now timestamptz) returns text
language plpgsql stable set search_path = public, pg_temp as $$
declare
    v_rule law_purpose;
    v_due text;
begin
    select * into v_rule from law_purpose l where l.version_id = law_current() and l.purpose = p_purpose;
    if v_rule.purpose is null or not p_kind = any (v_rule.kinds)
       or p_topic <> '' and not (p_topic = any (v_rule.topics) or '*' = any (v_rule.topics)) then
        return null;
    end if;
    -- The least of them, not whether there is one: for that, a plan made once for any p_now reads the table.
    if p_now >= coalesce((select min(s.settled_until) from standing s), 'infinity') then
        v_due := 's.settled_until <= $1';
    end if;
    -- Of whom a reckoning has not reached, the region may be another one than the cohort says.
    if v_rule.choices is not null and law_reckons() then
        v_due := concat_ws(' or ', v_due, format('s.person_id > %L', reckoned_to()));
    end if;
    return (select string_agg(law_part_text(it.rule, it.regions, p_kind, p_segment, p_topic, v_due), ' union all ')
            from law_by_choice(v_rule) it);
end $$;

-- The part of the people for whom the rule has this choice. p_due: who is asked about by their data, or null.
create or replace function law_part_text(
    p_rule law_purpose, p_regions text[], p_kind text, p_segment jsonb, p_topic text, p_due text) returns text
language plpgsql stable set search_path = public, pg_temp as $$
declare
    v_people text := 'select s.ordinal, s.person_id from standing s';
    v_also text := ' and ' || law_segment_text(p_rule, p_segment) || law_topic_text(p_rule, p_topic);
    v_settled text;
begin
    if p_segment is not null or law_reckons() then  -- only these ask a datum, and with it the answers
        v_people := v_people || ' join standing_class k on k.id = s.class_id';
    end if;
    v_settled := format('%s where %s%s%s', v_people, law_among_text(law_reach_to(p_rule, p_kind, p_regions)), v_also,
                        case when p_regions is null then law_reckoned_text(p_rule, p_kind) else '' end);
    if p_due is null then
        return v_settled;
    end if;
    return format('%s and not (%s) union all %s where (%s)%s%s and law_reaches(s.person_id, %L, %L, $1)', v_settled, p_due,
                  v_people, p_due, law_living_text(p_rule, p_regions), v_also, p_rule.purpose, p_kind);
end $$;

-- Whether changes since the last vacuum lie on so many pages that reading the index alone is a look at the table for each row.
-- The planner still believes what that vacuum saw.
create or replace function standing_scattered() returns boolean
language sql stable set search_path = public, pg_temp as $$
    select pg_stat_get_dead_tuples(c.oid) > c.relpages / 20 from pg_class c where c.oid = 'standing'::regclass
$$;

-- That a person lives where the rule has this choice, by their data.
create or replace function law_living_text(p_rule law_purpose, p_regions text[]) returns text
language sql immutable set search_path = public, pg_temp as $$
    select case when p_regions is null then '' else format(
        ' and coalesce(%1$L::jsonb ->> (select lives.region from regions_held(array[s.person_id], $1) lives), %2$L) = %3$L',
        p_rule.choices, p_rule.choices ->> '', p_rule.choice) end
$$;

-- Stable, so that classes and people are those of one snapshot: nobody is missed whose class was new in between.
create or replace function law_selected(
    p_purpose text, p_kind text, p_segment jsonb, p_topic text, p_now timestamptz)
returns table (chosen integer[], ordinals bytea, people bytea)
language plpgsql stable rows 1 set search_path = public, pg_temp set enable_indexonlyscan = on as $$
declare
    v_text text := law_selection_text(p_purpose, p_kind, p_segment, p_topic, p_now);
begin
    if standing_scattered() then
        perform set_config('enable_indexonlyscan', 'off', true);
    end if;
    if v_text is not null then
        execute 'select array_agg(it.ordinal), string_agg(int4send(it.ordinal), null), string_agg(uuid_send(it.person_id), null)'
                ' from (' || v_text || ') it' into chosen, ordinals, people using p_now;
        return next;
    end if;
end $$;

-- People whom a purpose may reach by one kind now, packed: 4 bytes an ordinal and 16 bytes an id, in the same order. Ids
-- leave with an entry that names everybody among them, with the kinds that chose them: nobody is picked out unseen.
create or replace function select_people(
    p_entry uuid, p_purpose text, p_kind text, p_segment jsonb, p_who text, p_reason text, p_session text default null,
    p_topic text default '')
returns table (ordinals bytea, people bytea)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    v_chosen integer[];
begin
    perform acts(p_who, p_session);
    perform refuse_snapshot();
    perform law_reach_keep(p_purpose, p_kind);
    select it.chosen, it.ordinals, it.people into v_chosen, ordinals, people
    from law_selected(p_purpose, p_kind, p_segment, p_topic, now_utc()) it;
    if not found then
        return;
    end if;
    if v_chosen is not null then
        perform selection_write(p_entry, p_purpose, p_kind, p_segment, v_chosen, p_who, p_reason, p_topic);
    end if;
    return next;
end $$;

-- The entry of a selection: of Nobody, with a bitmap of those whom it gave.
create or replace function selection_write(
    p_entry uuid, p_purpose text, p_kind text, p_segment jsonb, p_chosen integer[], p_who text, p_reason text,
    p_topic text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_numbers integer[];
    v_bitmaps bytea[];
begin
    with held as (
        select it.word as place, it.bits from bitmap_words(p_chosen) it
    ), filled as (
        select c.number, g.place, coalesce(h.bits, 0) as bits
        from (select place / 1024 as number, max(place) as last from held group by 1) c
        cross join lateral generate_series(c.number * 1024, c.last) g (place)
        left join held h on h.place = g.place
    ), chunks as (
        select number, string_agg(int8send(bits), ''::bytea order by place) as bitmap from filled group by number
    )
    select array_agg(number order by number), array_agg(bitmap order by number) into v_numbers, v_bitmaps from chunks;
    v_entry.id := p_entry; v_entry.kind := 'selected'; v_entry.purpose := p_purpose;
    v_entry.section := law_section(p_purpose); v_entry.who := p_who; v_entry.reason := p_reason;
    v_entry.payload := topic_said(p_topic);
    v_entry.kinds := array(select p_kind union select it #>> '{}' from jsonb_path_query(p_segment, 'strict $.**.kind') it);
    perform entry_write_bulk(v_entry, v_numbers, v_bitmaps);
end $$;

-- How many people that are; a number names nobody, so nothing is written.
create or replace function count_people(
    p_purpose text, p_kind text, p_segment jsonb, p_topic text default '') returns bigint
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    v_now timestamptz := now_utc();
    v_text text := law_selection_text(p_purpose, p_kind, p_segment, p_topic, v_now);
    v_count bigint := 0;
begin
    perform refuse_snapshot();
    if v_text is not null then
        execute 'select count(*) from (' || v_text || ') it' into v_count using v_now;
    end if;
    return v_count;
end $$;

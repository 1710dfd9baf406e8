-- What the gate reads of a person: data and answers projected so that one look answers the law's questions.
--
--   standing = (class, settled_until)
--   class    one interned (cohort, yes, no, opted_out): people of a class get the same answers from the law
--   cohort   one interned region and set of origins; an origin is (kind, channel, version, expired, ended)
--   ended    purposes that may no longer use what came from there, though it is kept for others
--   yes, no  a bit for each question as one version asked it: bit 0 … 62 in the word, later ones in `more`, 63 a word
--
-- Data and answers are the truth; `standing_truth` says what follows from them and `settle` writes it down. Time alone
-- changes a standing at `settled_until` at the earliest: from then on the law looks at the data until it is settled again.
-- What only moves an end later leaves it as it is, so it may come before the first of them.

create or replace function mask_word(p_bits integer[]) returns bigint
language plpgsql immutable as $$
declare
    v_word bigint := 0;
    v_bit integer;
begin
    foreach v_bit in array coalesce(p_bits, '{}') loop
        if v_bit < 63 then
            v_word := v_word | (1::bigint << v_bit);
        end if;
    end loop;
    return v_word;
end $$;

-- The words after the first, or null where the first is enough.
create or replace function mask_more(p_bits integer[]) returns bigint[]
language plpgsql immutable as $$
declare
    v_words bigint[];
    v_bit integer;
begin
    foreach v_bit in array coalesce(p_bits, '{}') loop
        if v_bit >= 63 then
            v_words := coalesce(v_words, '{}') || array_fill(
                0::bigint, array[greatest(v_bit / 63 - coalesce(cardinality(v_words), 0), 0)]);
            v_words[v_bit / 63] := v_words[v_bit / 63] | (1::bigint << (v_bit % 63));
        end if;
    end loop;
    return v_words;
end $$;

-- Whether two masks have a bit in common. Inlined where it is called.
create or replace function masks_meet(a bigint, a_more bigint[], b bigint, b_more bigint[]) returns boolean
language sql immutable parallel safe as $$
    select (a & b) <> 0 or (a_more is not null and b_more is not null
        and exists (select from unnest(a_more, b_more) as word (one, other) where one & other <> 0))
$$;

-- Of origins for which purposes have times of their own: which of these are over, and when the next one is.
create or replace function uses_ended(p_people uuid[], p_now timestamptz)
returns table (person uuid, kind text, channel text, version integer, ended text[], next_utc timestamptz)
language plpgsql stable parallel safe rows 1 set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_reckoned uuid;
begin
    if not law_times_uses() then
        return;
    end if;
    v_reckoned := reckoned_to();
    return query
    with timed as (
        select d.person_id, d.kind, d.channel, d.version, u.purpose,
               use_until(d.person_id, d.kind, d.channel, d.version, d.request, d.collected_utc, u.purpose) as until_utc
        from datum d join (select distinct l.kind, l.channel, l.purpose from law_use l where l.kept_number is not null) u
            on (u.kind, u.channel) = (d.kind, d.channel)
        where d.person_id = any (p_people) and d.removed_utc is null
          and coalesce(datum_until(d, v_reckoned) > p_now, true)
    ), last as (
        select t.person_id, t.kind, t.channel, t.version, t.purpose, max(coalesce(t.until_utc, 'infinity')) as until_utc,
               min(t.until_utc) filter (where t.until_utc > p_now) as next_utc
        from timed t group by t.person_id, t.kind, t.channel, t.version, t.purpose
    )
    select l.person_id, l.kind, l.channel, l.version,
           coalesce(array_agg(l.purpose order by l.purpose) filter (where l.until_utc <= p_now), '{}'), min(l.next_utc)
    from last l group by l.person_id, l.kind, l.channel, l.version;
end $$;

-- Origins as the data say, and until when all data of each are kept and used as now: from then on something of them is to be
-- deleted, or may be used for less. What a hold keeps beyond its time waits for no date.
create or replace function origins_held(p_people uuid[], p_now timestamptz)
returns table (person uuid, kind text, channel text, version integer, expired boolean, ended text[], until_utc timestamptz)
language plpgsql stable parallel safe rows 10 set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_reckoned uuid := reckoned_to();
begin
    return query
    select it.person_id, it.kind, it.channel, it.version, it.expired, coalesce(e.ended, '{}'), least(it.until_utc, e.next_utc)
    from (
        select d.person_id, d.kind, d.channel, d.version, max(d.until_utc) <= p_now as expired,
               min(case when d.until_utc <= p_now and hold_covers(d.person_id, d.kind) then 'infinity'
                    else d.until_utc end) as until_utc
        from (select h.person_id, h.kind, h.channel, h.version, coalesce(datum_until(h, v_reckoned), 'infinity') as until_utc
              from datum h where h.person_id = any (p_people) and h.removed_utc is null
              offset 0) d  -- computed once: while the law is reckoned, it is the dearest part
        group by d.person_id, d.kind, d.channel, d.version) it
    left join uses_ended(p_people, p_now) e
        on (e.person, e.kind, e.channel, e.version) = (it.person_id, it.kind, it.channel, it.version);
end $$;

-- The region that a country and a state are in, as choices by region name it: troth.policy.regions. Empty where it isn't
-- known, which takes the strictest choice: without a country, or with two.
create or replace function region_of(p_countries text[], p_states text[]) returns text
language sql immutable parallel safe as $$
    select case
        when cardinality(p_countries) is distinct from 1 then ''
        when p_countries[1] = 'US' then 'US' || case when cardinality(p_states) = 1 then '-' || p_states[1] else '' end
        when p_countries[1] in ('CH', 'CA') then p_countries[1]
        when p_countries[1] = 'GB' then 'UK'
        when p_countries[1] in ('AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE', 'IT', 'LV', 'LT',
                                'LU', 'MT', 'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE', 'IS', 'LI', 'NO') then 'EEA'
        when p_countries[1] ~ '^[A-Z]{2}$' then 'else'
        else '' end
$$;

-- Where each of these people lives, by data that are kept and not encrypted; no row of whom no such data are held.
create or replace function regions_held(p_people uuid[], p_now timestamptz) returns table (person uuid, region text)
language plpgsql stable parallel safe rows 10 set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_reckoned uuid := reckoned_to();
    v_countries text[] := array(select distinct k.kind from law_kept k where k.place = 'country');
    v_states text[] := array(select distinct k.kind from law_kept k where k.place = 'state');
begin
    return query
    select d.person_id, region_of(array_agg(distinct d.clear) filter (where d.kind = any (v_countries)),
                                  array_agg(distinct d.clear) filter (where d.kind = any (v_states)))
    from datum d
    where d.person_id = any (p_people) and d.kind = any (v_countries || v_states) and d.clear is not null
      and d.removed_utc is null and coalesce(datum_until(d, v_reckoned) > p_now, true)
    group by d.person_id;
end $$;

-- The same of one person, for the law of the program.
create or replace function region_held(p_person uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((select it.region from regions_held(array[p_person], now_utc()) it), '')
$$;

-- What a cohort is found by. No stricter than what it calls: only so it is inlined.
create or replace function cohort_mark(p_region text, p_origins integer[]) returns bytea
language sql stable parallel safe as $$
    select sha256(convert_to(coalesce(p_region, '') || coalesce(p_origins, '{}')::text, 'UTF8'))
$$;

-- The latest answer to each question, as the bit of the question that it answers. Inlined where it is called.
create or replace function answers_standing(p_people uuid[])
returns table (person uuid, opted_out boolean, yes bigint, no bigint, yes_more bigint[], no_more bigint[])
language sql stable rows 1 as $$
    select latest.person_id,
           coalesce(bool_or(not latest.yes) filter (where latest.question = 'marketing'), false),
           coalesce(bit_or(1::bigint << q.bit) filter (where latest.yes and q.bit < 63), 0),
           coalesce(bit_or(1::bigint << q.bit) filter (where not latest.yes and q.bit < 63), 0),
           case when max(q.bit) >= 63 then mask_more(array_agg(q.bit) filter (where latest.yes)) end,
           case when max(q.bit) >= 63 then mask_more(array_agg(q.bit) filter (where not latest.yes)) end
    from (select distinct on (c.person_id, c.question) c.person_id, c.question, c.version, c.yes
          from choice c where c.person_id = any (p_people)
          order by c.person_id, c.question, c.chosen_utc desc, c.id desc) latest
    left join law_question q on q.question = latest.question
                            and (q.version_id = latest.version or latest.question like '%@%')
    group by latest.person_id
$$;

-- The cohort that the data of each of these people make, null where it is not interned yet; and until when all of it are kept.
create or replace function cohorts_held(p_people uuid[], p_now timestamptz)
returns table (person_id uuid, cohort integer, until_utc timestamptz)
language plpgsql stable rows 1 set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
    select one.person, c.id, coalesce(held.until_utc, 'infinity')
    from (select distinct it from unnest(p_people) it) one (person)
    left join (
        select h.person, array_agg(o.id order by o.id) as origins, min(h.until_utc) as until_utc
        from origins_held(p_people, p_now) h
        left join origin o on (o.kind, o.channel, o.version, o.expired, o.ended)
            = (h.kind, h.channel, h.version, h.expired, h.ended)
        group by h.person
    ) held on held.person = one.person
    left join regions_held(p_people, p_now) lives on lives.person = one.person
    left join cohort c on c.fingerprint = cohort_mark(lives.region, held.origins);
end $$;

-- What data and answers say must stand. Its columns are named here, for the table's may stand in another order in a database
-- that was made by a former version.
create or replace function standing_truth(p_people uuid[], p_now timestamptz)
returns table (person_id uuid, settled_until timestamptz, yes bigint, no bigint, ordinal integer, cohort integer,
               opted_out boolean, yes_more bigint[], no_more bigint[])
language plpgsql stable rows 1 set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
    select p.id, h.until_utc, coalesce(a.yes, 0), coalesce(a.no, 0), p.ordinal::integer, h.cohort,
           coalesce(a.opted_out, false), a.yes_more, a.no_more
    from cohorts_held(p_people, p_now) h
    join person p on p.id = h.person_id and p.erased_utc is null and exists (select from person_key k where k.person_id = p.id)
    left join lateral answers_standing(array[p.id]) a on true;  -- by person: joined, all would be compared with all
end $$;

-- Give every set of origins that these people hold, with their region, its cohort.
create or replace function intern_cohorts(p_people uuid[], p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
    insert into origin (kind, channel, version, expired, ended)
    select distinct h.kind, h.channel, h.version, h.expired, h.ended from origins_held(p_people, p_now) h
    where not exists (select from origin o where (o.kind, o.channel, o.version, o.expired, o.ended)
                                               = (h.kind, h.channel, h.version, h.expired, h.ended))
    order by 1, 2, 3, 4, 5
    on conflict do nothing;
    insert into cohort (origins, fingerprint, region)
    select distinct held.origins, cohort_mark(held.region, held.origins), held.region from (
        select array_agg(o.id order by o.id) as origins, coalesce(min(lives.region), '') as region
        from origins_held(p_people, p_now) h
        join origin o on (o.kind, o.channel, o.version, o.expired, o.ended)
            = (h.kind, h.channel, h.version, h.expired, h.ended)
        left join regions_held(p_people, p_now) lives on lives.person = h.person
        group by h.person
        union all select '{}', ''
    ) held
    where not exists (select from cohort c where c.fingerprint = cohort_mark(held.region, held.origins))
    on conflict do nothing;
$$;

-- The class of all this; no row while it is not interned. Inlined where it is called, and found by all of it: without the
-- limit it would be one more table to join, and be looked for by its cohort alone, of which there may be hundreds of classes.
create or replace function class_known(
    p_cohort integer, p_yes bigint, p_no bigint, p_opted_out boolean, p_yes_more bigint[], p_no_more bigint[])
returns table (id integer)
language sql stable rows 1 as $$
    select k.id from standing_class k
    where (k.cohort, k.yes, k.no, k.opted_out) = (p_cohort, p_yes, p_no, p_opted_out)
      and k.yes_more is not distinct from p_yes_more and k.no_more is not distinct from p_no_more
    limit 1
$$;

-- Give what stands for these people its classes.
create or replace function intern_classes(p_people uuid[], p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
    insert into standing_class (cohort, yes, no, opted_out, yes_more, no_more)
    select distinct t.cohort, t.yes, t.no, t.opted_out, t.yes_more, t.no_more
    from standing_truth(p_people, p_now) t
    where not exists (select from class_known(t.cohort, t.yes, t.no, t.opted_out, t.yes_more, t.no_more))
    order by 1, 2, 3, 4, 5, 6
    on conflict do nothing;
$$;

-- Write down what stands for these people. The rows are locked first, so that of two writers the later sees the other.
create or replace function settle(p_people uuid[], p_now timestamptz) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_known boolean;
begin
    perform from standing s where s.person_id = any (p_people) order by s.person_id for update;
    for v_turn in 1..2 loop  -- a second one where a class is seen for the first time
        with truth as materialized (
            select t.person_id, t.settled_until, t.ordinal, k.id as class_id
            from standing_truth(p_people, p_now) t
            left join lateral class_known(t.cohort, t.yes, t.no, t.opted_out, t.yes_more, t.no_more) k on true),
        known as (select coalesce(bool_and(truth.class_id is not null), true) as all_of_them from truth),
        written as (
            insert into standing as s (person_id, settled_until, ordinal, class_id)
            select t.person_id, t.settled_until, t.ordinal, t.class_id from truth t, known where known.all_of_them
            on conflict (person_id) do update set class_id = excluded.class_id, settled_until = excluded.settled_until
            where s is distinct from excluded)
        select known.all_of_them into v_known from known;
        exit when v_known;
        perform intern_cohorts(p_people, p_now);
        perform intern_classes(p_people, p_now);
    end loop;
end $$;

-- The same of whom something stands already and only data changed: the answers stay as they stand.
create or replace function settle_data(p_people uuid[], p_now timestamptz) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_known boolean;
begin
    perform from standing s where s.person_id = any (p_people) order by s.person_id for update;
    for v_turn in 1..2 loop  -- a second one where a class is seen for the first time
        with truth as materialized (
            select h.person_id, h.until_utc, known.id as class_id
            from cohorts_held(p_people, p_now) h
            join standing s on s.person_id = h.person_id
            join standing_class k on k.id = s.class_id
            left join lateral class_known(h.cohort, k.yes, k.no, k.opted_out, k.yes_more, k.no_more) known on true),
        known as (select coalesce(bool_and(truth.class_id is not null), true) as all_of_them from truth),
        written as (
            update standing s set class_id = t.class_id, settled_until = t.until_utc from truth t, known
            where known.all_of_them and s.person_id = t.person_id
              and (s.class_id, s.settled_until) is distinct from (t.class_id, t.until_utc))
        select known.all_of_them into v_known from known;
        exit when v_known;
        perform intern_cohorts(p_people, p_now);
        perform intern_classes(p_people, p_now);
    end loop;
end $$;

-- The same of one person who gave these data just now. Sealed data change nothing where older data of their origins are
-- held and something else ends no later: so it is with each further message, and to compute a cohort takes ten times as long.
create or replace function settle_new(p_person uuid, p_new uuid[], p_now timestamptz) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    perform from standing s where s.person_id = p_person for update;
    if law_times_uses() or (
        select coalesce(bool_and(n.clear is null and coalesce(n.kept_until_utc, 'infinity') >= s.settled_until and exists (
            select from datum d where (d.person_id, d.kind, d.channel, d.version) = (n.person_id, n.kind, n.channel, n.version)
                and d.id <> all (p_new) and d.removed_utc is null and coalesce(d.kept_until_utc > p_now, true))), false)
        from standing s join datum n on n.person_id = s.person_id and n.id = any (p_new)
        where s.person_id = p_person and s.settled_until > p_now and s.person_id <= reckoned_to()) is not true
    then
        perform settle_data(array[p_person], p_now);
    end if;
end $$;

-- Write down an answer that was saved just now, and give the person's class since. Their row is locked by the caller.
create or replace function settle_answers(p_person uuid) returns integer
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off as $$
declare
    k standing_class;
    v_former integer;
begin
    select t.class_id, t.cohort, t.yes, t.no, t.opted_out, t.yes_more, t.no_more, known.id
    into v_former, k.cohort, k.yes, k.no, k.opted_out, k.yes_more, k.no_more, k.id
    from (select s.class_id, c.cohort, a.opted_out, a.yes, a.no, a.yes_more, a.no_more
          from standing s join standing_class c on c.id = s.class_id, answers_standing(array[p_person]) a
          where s.person_id = p_person) t
    left join lateral class_known(t.cohort, t.yes, t.no, t.opted_out, t.yes_more, t.no_more) known on true;
    if k.id is null then
        insert into standing_class (cohort, yes, no, opted_out, yes_more, no_more)
            values (k.cohort, k.yes, k.no, k.opted_out, k.yes_more, k.no_more) on conflict do nothing;
        select it.id into k.id from class_known(k.cohort, k.yes, k.no, k.opted_out, k.yes_more, k.no_more) it;
    end if;
    if k.id <> v_former then
        update standing s set class_id = k.id where s.person_id = p_person;
    end if;
    return k.id;
end $$;

-- People whose row is not what data and answers say, with both: empty unless something went wrong. Being due earlier than the
-- data say is right, see `reckon`.
create or replace function standing_differences(p_people uuid[], p_now timestamptz)
returns table (person_id uuid, stands text, truth text)
language sql stable set search_path = public, pg_temp as $$
    select coalesce(s.person_id, t.person_id), s::text, t::text
    from (select s.person_id, s.settled_until, k.yes, k.no, s.ordinal, k.cohort, k.opted_out, k.yes_more, k.no_more
          from standing s left join standing_class k on k.id = s.class_id where s.person_id = any (p_people)) s
    full join standing_truth(p_people, p_now) t on t.person_id = s.person_id
    where s.person_id is null or t.person_id is null
       or (s.yes, s.no, s.ordinal, s.opted_out, s.yes_more, s.no_more)
          is distinct from (t.yes, t.no, t.ordinal, t.opted_out, t.yes_more, t.no_more)
       -- Of whom time or a new version may have changed what stands, or will be reckoned, only the answers are looked up.
       or s.settled_until > p_now and s.person_id <= reckoned_to()
          and (s.cohort is distinct from t.cohort or s.settled_until > t.settled_until)
$$;

-- Let go of data whose time has come: the rows are deleted, an entry says which kinds. Gives the number of people.
create or replace function let_go(p_limit integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_now timestamptz := now_utc();
    v_people uuid[];
    v_version integer := coalesce(law_current(), 0);
    v_kinds text[];
    -- Salts are made of it, each as hard to guess as it is itself: to ask the system for two random numbers each takes longer.
    v_seed bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
begin
    perform refuse_backward(v_now);
    v_people := array(select s.person_id from standing s where s.settled_until <= v_now
                      order by s.settled_until limit p_limit for update skip locked);
    if exists (select from policy_version v where v.reckons) then
        perform reckon(array(select it from unnest(v_people) it where it > (select reckoned_to())));
    end if;
    -- All entries by one statement, as entry_write makes one of them.
    with gone as (
        delete from datum d where d.person_id = any (v_people) and d.kept_until_utc <= v_now
            and not ((select exists (select from legal_hold h where h.until_utc is null)) and hold_covers(d.person_id, d.kind))
            returning d.person_id, d.kind
    ), each as materialized (
        select g.person_id, gen_random_uuid() as id, array_agg(distinct g.kind order by g.kind) as kinds,
               sha256(v_seed || uuid_send(g.person_id)) as salt, pg_current_xact_id()::text::bigint as transaction
        from gone g group by g.person_id
    ), written as (
        insert into entry (person_id, id, kind, at_utc, purpose, section, version, who, reason, kinds, recipient, payload,
                           transaction, salt, leaf)
        select e.person_id, e.id, 'expired', v_now, '', '', v_version, 'program:retention', '', e.kinds, '', '{}',
               e.transaction, e.salt,
               entry_leaf_of(e.salt, e.person_id, e.id, 'expired', v_now, '', '', v_version, 'program:retention', '',
                             e.kinds, '', null, '{}', null, e.transaction)
        from each e
        returning person_id, id, leaf
    ), queued as (
        insert into entry_queue (person_id, entry_id, leaf) select w.person_id, w.id, w.leaf from written w
    )
    select array_agg(k) into v_kinds from each e, unnest(e.kinds) k;
    perform settle_data(v_people, v_now);
    -- Last, for whoever else lets go at the same time waits for these rows.
    insert into retention_day as r (day, kind, people)
        select v_now::date, k, count(*) from unnest(v_kinds) k group by k order by k
        on conflict (day, kind) do update set people = r.people + excluded.people;
    return coalesce(cardinality(v_people), 0);
end $$;

-- What will be deleted up to a time, by kind and day, as things are now, apart from what a hold keeps.
create or replace function retention_ahead(p_until timestamptz)
returns table (day date, kind text, people bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select greatest(d.kept_until_utc, now_utc())::date, d.kind, count(distinct d.person_id)
    from standing s join datum d on d.person_id = s.person_id
    where s.settled_until <= p_until and d.kept_until_utc <= p_until and d.removed_utc is null
      and not is_kept_for_law(d, now_utc())
    group by 1, 2
$$;

-- How many people's data is there for a hold alone, by kind.
create or replace function retention_held() returns table (kind text, people bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select d.kind, count(distinct d.person_id)
    from legal_hold h join datum d on d.person_id = h.person_id
    where h.until_utc is null and is_kept_for_law(d, now_utc()) group by d.kind
$$;

-- The next people by id, as far as an update concerns them; those who were noted before stay as they are. What it means for a
-- class of people, and for those of it whose browser asked not to sell or share, is a number in p_plain and p_signaled: a place
-- in p_effects, [{"way", "asks", "facts"}]. p_emails: how many emails there are already, by which each next one has its day.
-- Gives the last of the people and how many emails were added; `unknown`, and nobody noted, where a class is not in p_classes.
create or replace function update_note(
    p_update uuid, p_after uuid, p_before timestamptz, p_most integer, p_pace integer, p_emails integer,
    p_classes integer[], p_plain integer[], p_signaled integer[], p_effects jsonb)
returns table (last uuid, emails integer, unknown boolean)
language sql set search_path = public, pg_temp as $$
    with effects as materialized (
        select e.number - 1 as number, e.it ->> 'way' as way,
               array(select jsonb_array_elements_text(e.it -> 'asks')) as asks,
               array(select jsonb_array_elements_text(e.it -> 'facts')) as facts
        from jsonb_array_elements(p_effects) with ordinality e (it, number)),
    classes as materialized (
        select it.class, it.plain, it.signaled from unnest(p_classes, p_plain, p_signaled) it (class, plain, signaled)),
    people as materialized (
        select it.person, it.class, it.address, it.signaled from people_in_order(p_after, p_before, p_most) it),
    reached as materialized (select p.person as last from people p order by p.person desc limit 1),
    met as materialized (
        select coalesce(bool_or(c.class is null), false) as new
        from (select distinct p.class from people p) p left join classes c on c.class = p.class),
    concerned as (
        select p.person, p.address, e.asks, e.facts, case when p.address is null then 'visit' else e.way end as way
        from people p join classes c on c.class = p.class
        join effects e on e.number = case when p.signaled then c.signaled else c.plain end
        where not (select m.new from met m)),
    before as materialized (
        -- Who was noted when the version was announced. Between these two, for else all who were noted so far may be read.
        select r.person_id, r.asks, c.asks as asks_now
        from policy_update_reader r join concerned c on c.person = r.person_id
        where r.update_id = p_update and r.person_id > p_after and r.person_id <= (select it.last from reached it)),
    more as (
        -- Those of them who are asked more by now, for they gave more.
        select b.person_id, array(select distinct q from unnest(b.asks || b.asks_now) q order by q) as asks
        from before b where not b.asks_now <@ b.asks),
    known as (
        update policy_update_reader r
            set asks = m.asks, bundle = case when r.way in ('email', 'notice') then m.asks else '{}' end
        from more m
        where r.person_id = m.person_id and r.update_id = p_update
        and r.person_id > p_after and r.person_id <= (select it.last from reached it)),
    mailed as (
        select c.person, c.address, c.asks, c.facts, c.way, c.way <> 'visit' as mailed,
               row_number() over (partition by c.way <> 'visit' order by c.person) as number
        from concerned c
        left join before b on b.person_id = c.person
        where (c.way <> 'visit' or c.asks <> '{}') and b.person_id is null),
    noted as (
        insert into policy_update_reader (update_id, person_id, address_key, day, way, asks, facts, bundle)
        select p_update, m.person, case when m.mailed then m.address end,
               case when m.mailed then (p_emails + m.number - 1) / p_pace else 0 end, m.way, m.asks, m.facts,
               case when m.mailed then m.asks else '{}' end
        from mailed m returning way)
    select (select it.last from reached it), (select count(*) from noted n where n.way <> 'visit')::integer, m.new
    from met m
$$;

-- Those whom an update's emails go to, packed, by day and by what they are asked and told.
create or replace function update_groups(p_update uuid)
returns table (day integer, way text, bundle text[], facts text[], people bytea)
language sql stable set search_path = public, pg_temp as $$
    select r.day, r.way, r.bundle, r.facts, string_agg(uuid_send(r.person_id), null)
    from policy_update_reader r where r.update_id = p_update and r.way in ('email', 'notice')
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
$$;

-- Of several who have one address, the first gets the email, with the questions of all of them. Who has theirs alone, as nearly
-- all do, was noted so: writing every row again takes as long as all the rest. Without nested loops, which would read all rows
-- once for each address that several have: the planner can't know how many those are.
create or replace function update_gather(p_update uuid) returns void
language sql set search_path = public, pg_temp set enable_nestloop = off as $$
    -- Whose are several is looked for without them: to list the people of each address takes as long as all the rest.
    with several as materialized (
        select r.address_key from policy_update_reader r where r.update_id = p_update and r.way <> 'visit'
        group by r.address_key having count(*) > 1),
    first as materialized (
        -- One who is reached as a subscriber alone only if nobody else there is: 'email' comes before 'notice'.
        select r.address_key, (array_agg(r.person_id order by r.way, r.person_id))[1] as person_id
        from several s join policy_update_reader r on r.update_id = p_update and r.address_key = s.address_key
        where r.way <> 'visit' group by r.address_key),
    asked as (
        select r.address_key, array_agg(distinct q order by q) as bundle
        from first f join policy_update_reader r on r.update_id = p_update and r.address_key = f.address_key, unnest(r.asks) q
        where r.way <> 'visit' group by r.address_key)
    update policy_update_reader r
        set way = case when r.person_id = f.person_id then r.way else 'shared' end,
            bundle = case when r.person_id = f.person_id then coalesce(a.bundle, '{}') else '{}' end
    from first f left join asked a on a.address_key = f.address_key
    where r.update_id = p_update and r.way <> 'visit' and r.address_key = f.address_key
$$;

-- Those whom an email of an update has left to, packed, by its way.
create or replace function update_reached(p_update uuid) returns table (way text, people bytea)
language sql stable security definer set search_path = public, pg_temp as $$
    select r.way, string_agg(uuid_send(r.person_id), null)
    from policy_update_reader r join letter e on e.batch = p_update and e.person_id = r.person_id and e.state = 'sent'
    where r.update_id = p_update and r.way in ('email', 'notice') group by 1 order by 1
$$;

-- Who of those whom an update's email left to by then has answered nothing yet that they were asked and has no reminder, packed, by
-- what that is. Of the purposes that sell, nobody is reminded who opted out since, nor anyone at their address.
-- Without nested loops, as update_gather.
create or replace function update_silent(p_update uuid, p_reminding uuid, p_sent_by timestamptz, p_selling text[])
returns table (bundle text[], facts text[], people bytea)
language sql stable security definer set search_path = public, pg_temp set enable_nestloop = off as $$
    with silent as materialized (
        select r.person_id, r.address_key, r.bundle, r.facts
        from policy_update_reader r join letter e on e.batch = p_update and e.person_id = r.person_id and e.state = 'sent'
        where r.update_id = p_update and r.way = 'email' and r.bundle <> '{}' and e.sent_utc <= p_sent_by
          and not exists (select from letter s where s.batch = p_reminding and s.person_id = r.person_id)
          and not exists (select from policy_update_reader o where o.update_id = p_update and o.address_key = r.address_key
                          and (o.early_yes <> '{}' or o.early_no <> '{}'))
          and not exists (select from policy_update_reader o
                          join choice c on c.person_id = o.person_id and c.question = any (o.asks)
                          where o.update_id = p_update and o.address_key = r.address_key)),
    sold as materialized (
        select distinct s.address_key from silent s, unnest(s.bundle) q where split_part(q, '@', 1) = any (p_selling)),
    there as materialized (
        select o.address_key, exists (select from entry e where e.person_id = o.person_id and e.kind = 'signal') as signaled,
               array(select split_part(it.question, '@', 1)
                     from (select distinct on (c.question) c.question, c.yes from choice c
                           where c.person_id = o.person_id
                             and (c.question = 'marketing' or split_part(c.question, '@', 1) = any (p_selling))
                           order by c.question, c.chosen_utc desc, c.id desc) it
                     where not it.yes) as refused
        from sold s join policy_update_reader o on o.update_id = p_update and o.address_key = s.address_key),
    refused as materialized (
        select t.address_key, bool_or(t.signaled or 'marketing' = any (t.refused)) as every,
               coalesce(array_agg(q) filter (where q is not null), '{}') as purposes
        from there t left join unnest(t.refused) q on true group by t.address_key),
    asked as (
        select s.person_id, s.facts,
               case when f.address_key is null then s.bundle
                    else array(select q from unnest(s.bundle) with ordinality it (q, place)
                               where split_part(q, '@', 1) <> all (p_selling)
                                  or not (f.every or split_part(q, '@', 1) = any (f.purposes))
                               order by place) end as bundle
        from silent s left join refused f on f.address_key = s.address_key)
    select a.bundle, a.facts, string_agg(uuid_send(a.person_id), null)
    from asked a where a.bundle <> '{}' group by 1, 2 order by 1, 2
$$;

-- Answers to an update's questions by the day of a time zone and by question, each person's latest.
create or replace function update_answers(p_update uuid, p_zone text)
returns table (question text, day date, yes bigint, no bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select it.question, (it.chosen_utc at time zone p_zone)::date, count(*) filter (where it.yes),
           count(*) filter (where not it.yes)
    from (select distinct on (c.person_id, c.question) c.question, c.yes, c.chosen_utc
          from policy_update_reader r join choice c on c.person_id = r.person_id and c.question = any (r.asks)
          where r.update_id = p_update
          order by c.person_id, c.question, c.chosen_utc desc, c.id desc) it
    group by 1, 2 order by 2, 1
$$;

-- People by what they answered: a yes to any of their questions, nothing but no, or nothing; by the day of the first answer.
create or replace function update_people(p_update uuid, p_zone text)
returns table (day date, yes bigint, no bigint, silent bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select it.day, count(*) filter (where it.said), count(*) filter (where not it.said),
           count(*) filter (where it.said is null)
    from (select r.person_id, (min(c.at_utc) at time zone p_zone)::date as day, bool_or(c.yes) as said
          from policy_update_reader r
          left join lateral (
              select distinct on (c.question) c.yes, min(c.chosen_utc) over (partition by c.question) as at_utc
              from choice c where c.person_id = r.person_id and c.question = any (r.asks)
              order by c.question, c.chosen_utc desc, c.id desc) c on true
          where r.update_id = p_update and r.asks <> '{}'
          group by r.person_id) it
    group by 1 order by 1
$$;

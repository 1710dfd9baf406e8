-- People whom an update concerns in the same way; those who were noted before stay as they are. p_days: on which day of the
-- sending each of them gets the email.
create or replace function update_note(
    p_update uuid, p_people uuid[], p_addresses bytea[], p_days integer[], p_way text, p_asks text[], p_facts text[])
returns void
language sql set search_path = public, pg_temp as $$
    insert into policy_update_reader (update_id, person_id, address_key, day, way, asks, facts, bundle)
    select p_update, it.person, it.address, it.day, p_way, p_asks, p_facts,
           case when p_way in ('email', 'notice') then p_asks else '{}' end
    from unnest(p_people, p_addresses, p_days) it (person, address, day)
    on conflict do nothing
$$;

-- Of several who have one address, the first gets the email, with the questions of all of them. Who has theirs alone, as nearly
-- all do, was noted so: writing every row again takes as long as all the rest. Without nested loops, which would read all rows
-- once for each address that several have: the planner can't know how many those are. Gives how many emails that are.
create or replace function update_gather(p_update uuid) returns bigint
language plpgsql set search_path = public, pg_temp set enable_nestloop = off as $$
declare
    v_emails bigint;
begin
    with first as materialized (
        -- One who is reached as a subscriber alone only if nobody else there is: 'email' comes before 'notice'.
        select r.address_key, (array_agg(r.person_id order by r.way, r.person_id))[1] as person_id
        from policy_update_reader r where r.update_id = p_update and r.way <> 'visit'
        group by r.address_key having count(*) > 1),
    asked as (
        select r.address_key, array_agg(distinct q order by q) as bundle
        from first f join policy_update_reader r on r.update_id = p_update and r.address_key = f.address_key, unnest(r.asks) q
        where r.way <> 'visit' group by r.address_key)
    update policy_update_reader r
        set way = case when r.person_id = f.person_id then r.way else 'shared' end,
            bundle = case when r.person_id = f.person_id then coalesce(a.bundle, '{}') else '{}' end
    from first f left join asked a on a.address_key = f.address_key
    where r.update_id = p_update and r.way <> 'visit' and r.address_key = f.address_key;
    select count(*) into v_emails from policy_update_reader r where r.update_id = p_update and r.way in ('email', 'notice');
    return v_emails;
end $$;

-- Who of an update's people has answered nothing yet that they were asked.
create or replace function update_silent(p_update uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select r.person_id from policy_update_reader r
    where r.update_id = p_update and r.way = 'email' and r.bundle <> '{}'
      and not exists (select from policy_update_reader o
                      join choice c on c.person_id = o.person_id and c.question = any (o.asks)
                      where o.update_id = p_update and o.address_key = r.address_key)
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

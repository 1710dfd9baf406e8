-- People about whom the law decides alike, without anything of anyone: what a new version is rehearsed and sent with.

-- How many people there are of each class.
create or replace function people_alike()
returns table (class integer, cohort integer, yes bigint, yes_more bigint[], no bigint, no_more bigint[],
               opted_out boolean, people bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    select k.id, k.cohort, k.yes, k.yes_more, k.no, k.no_more, k.opted_out, it.people
    from (select s.class_id, count(*) as people from standing s group by s.class_id) it
    join standing_class k on k.id = it.class_id
$$;

-- The class of each person in the order of their ids, of those who came before a moment; the keyed hash of the address that
-- emails go to, or null where none can arrive; and whether their browser asked not to sell or share.
-- All tables start after the last one, else one of them would be read from its beginning each time; and these people are
-- found first, so that only theirs is read: in one stretch, which takes less than half of looking it up for each.
create or replace function people_in_order(p_after uuid, p_before timestamptz, p_most integer)
returns table (person uuid, class integer, address bytea, signaled boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    with these as materialized (
        select s.person_id, s.class_id from standing s join person p on p.id = s.person_id
        where s.person_id > p_after and p.id > p_after and p.created_utc <= p_before
        order by s.person_id limit p_most),
    mail as (
        select distinct on (d.person_id) d.person_id, d.blind_index as mark from datum d
        where d.person_id > p_after and d.person_id <= (select it.person_id from these it order by it.person_id desc limit 1)
          and d.kind = 'email' and d.removed_utc is null
        order by d.person_id desc, d.id desc)
    select t.person_id, t.class_id, m.mark,
           exists (select from entry e where e.person_id = t.person_id and e.kind = 'signal')
    from these t
    left join mail m on m.person_id = t.person_id and not exists (select from suppression u where u.mark = m.mark)
    order by t.person_id
$$;

-- The license periods of installations that were registered before their room recorded them: once, after an upgrade.
create or replace function licenses_fill(p_people uuid[]) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_people uuid[];
begin
    perform keep_over(p_people);
    with noted as (
        insert into event_time (person_id, event, object, at_utc)
        select i.person_id, 'license period', i.id, i.removed_utc from newsletter_installation i
        where i.person_id = any (p_people)
        on conflict do nothing returning person_id)
    select array_agg(distinct n.person_id) into v_people from noted n;
    perform reckon(v_people);
end $$;

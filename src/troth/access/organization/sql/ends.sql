-- The organization forgets an erased person. Nobody is left out: where that was the last
-- administrator, the member who is there longest becomes one.
create or replace function ends_in_organization(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
declare
    v_organization uuid := (select m.organization_id from membership m where m.person_id = p_person and m.role = 'admin');
    v_next uuid;
begin
    perform from organization o where o.id = v_organization for update;
    delete from shared_fact where person_id = p_person or by_person = p_person;
    perform cases_leave(p_person);
    delete from join_request where person_id = p_person;
    delete from invitation where person_id = p_person;
    delete from membership where person_id = p_person;
    if v_organization is not null
       and not exists (select from membership m where m.organization_id = v_organization and m.role = 'admin') then
        select m.person_id into v_next from membership m where m.organization_id = v_organization and m.role is not null
            order by m.role = 'viewer', m.since_utc limit 1;
        if v_next is not null then
            update membership set role = 'admin' where person_id = v_next and organization_id = v_organization;
            perform organization_entry(v_next, gen_random_uuid(), 'role changed', 'program:organization', v_organization,
                                       jsonb_build_object('role', 'admin'));
        end if;
        perform organization_end_open(v_organization);
    end if;
end $$;

create or replace function ends_in_support(p_person uuid, p_case uuid) returns setof uuid
language sql set search_path = public, pg_temp as $$
    update plea set state = 'erased' where person_id = p_person and state = 'received' returning id
$$;

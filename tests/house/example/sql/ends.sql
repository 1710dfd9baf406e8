-- What a request was about goes with her data; the request itself ends with all others.
create or replace function ends_in_support(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from plea p where p.person_id = p_person;
end $$;

-- What is left of a person's emails has a number that means nobody any more; where they went goes, too.
create or replace function ends_in_access(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    update letter l set domain = '' where l.person_id = p_person and l.domain <> '';
end $$;

-- What someone was asked about a version ends with their data; the version's figures count one less.
create or replace function ends_in_updates(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from policy_update_reader where person_id = p_person;
end $$;

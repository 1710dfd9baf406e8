-- The mails that someone sent go with their data. The rule of stored files takes each one's file along.
create or replace function ends_in_inbox(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from kept_mail where person_id = p_person;
end $$;

-- So do those that nobody has claimed yet and that name one of their addresses.
create or replace function ends_with_address_in_inbox(p_addresses bytea[]) returns void
language sql set search_path = public, pg_temp as $$
    delete from kept_mail where person_id is null and sender = any (p_addresses)
$$;

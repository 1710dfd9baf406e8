-- Sign-ups and installations end with the person's data. What counts how often an address was asked stays: it names nobody.
create or replace function ends_in_newsletter(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from newsletter_sign_up where person_id = p_person;
    delete from newsletter_recipient where person_id = p_person;
    delete from newsletter_installation where person_id = p_person;
end $$;

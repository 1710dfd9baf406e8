-- A person's quote requests end with all others. No keyed hash of an address stays: it would find anyone who asks again.
create or replace function ends_in_quotes(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    update quote_request q set address_key = null, company_key = null
        from request_case c where c.id = q.case_id and c.person_id = p_person;
end $$;

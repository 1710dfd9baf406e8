-- A quote request ends, and no keyed hash of an address stays behind: it would find whoever asks again.
create or replace function ends_in_quotes(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    update quote_request set address_key = null, company_key = null where person_id = p_person;
    return query
        update quote_request set state = 'erased'
            where person_id = p_person and state in ('received', 'routed', 'queued') returning id;
end $$;

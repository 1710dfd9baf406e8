-- What an agent sent leaves the log with the request that it made.
create or replace function forgets_in_drp(p_cases uuid[]) returns void
language sql set search_path = public, pg_temp as $$
    delete from agent_request r where r.case_id = any (p_cases)
$$;

-- What an authority required about a person is nobody's request; it ends when nothing of anybody whom it names is held.
create or replace function ends_in_procedures(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
declare
    v_request uuid;
begin
    for v_request in
        update request_case c set state = 'withdrawn', nature = 'erased', answered_utc = now_utc(),
                                  answered_by = 'program:cases'
            where c.approves = 'disclose' and c.state = 'open' and c.facts->'people' ? p_person::text and not exists
                  (select from jsonb_array_elements_text(c.facts->'people') it join person_key k on k.person_id = it::uuid)
            returning c.id
    loop
        insert into case_event (id, case_id, at_utc, who, what, words)
            values (gen_random_uuid(), v_request, now_utc(), 'program:cases', 'erased', '');
    end loop;
end $$;

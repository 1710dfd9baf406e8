-- A person's other requests, of whatever kind, end with the data; the one that erases it goes on. Nothing made of them stays.
create or replace function ends_in_requests(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
declare
    v_request uuid;
begin
    delete from prepared_file where person_id = p_person;
    delete from word_mark w using case_message m, request_case c
        where m.id = w.message_id and c.id = coalesce(m.first_id, m.case_id) and c.person_id = p_person;
    delete from message_copy k using case_message m, request_case c
        where m.id = k.message_id and c.id = coalesce(m.first_id, m.case_id) and c.person_id = p_person;
    delete from case_message m using request_case c where c.id = coalesce(m.first_id, m.case_id)
        and c.person_id = p_person;
    delete from reply_draft r using request_case c where c.id = r.case_id and c.person_id = p_person;
    for v_request in
        update request_case set state = 'withdrawn', nature = 'erased', answered_utc = now_utc(),
                                answered_by = 'program:cases'
            where person_id = p_person and id is distinct from p_case and state in ('received', 'unverified', 'open') returning id
    loop
        insert into case_event (id, case_id, at_utc, who, what, words)
            values (gen_random_uuid(), v_request, now_utc(), 'program:cases', 'erased', '');
        return next v_request;
    end loop;
end $$;

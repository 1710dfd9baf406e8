-- One email to each of these people, planned by one statement. Its id and the request that it is about come from the cause
-- and the person, so a plan that was interrupted goes on where it stopped, and nobody is planned twice. What the columns
-- say besides is alike for all. Gives how many are new.
create or replace function plan_emails(
    p_people uuid[], p_cause uuid, p_purpose text, p_topic text, p_template text, p_kinds jsonb, p_facts jsonb, p_lane text,
    p_at timestamptz, p_next timestamptz, p_useful timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_new integer;
begin
    insert into letter (id, person_id, purpose, topic, template, kinds, facts, "to", to_name, request, state, lane, why,
                        fault, domain, reply_to, attempts, queued_utc, next_try_utc, useful_until_utc, batch)
        select it.id, it.person, p_purpose, p_topic, p_template, p_kinds, p_facts, 'person', '',
               it.id, 'planned', p_lane, '', '', '', '', 0, p_at, p_next, p_useful, p_cause
        from (select email_of(p_cause, each) as id, each as person from unnest(p_people) each order by 1) it  -- as its index
        on conflict do nothing;
    get diagnostics v_new = row_count;
    return v_new;
end $$;

-- What of a sending is still to leave for the first time, so many of it at a time, the next ones each so much later; what
-- left within the last such time counts. Gives how many these are.
create or replace function spread_emails(p_batch uuid, p_from timestamptz, p_count integer, p_each interval) returns integer
language plpgsql set search_path = public, pg_temp as $$
declare
    v_moved integer;
    v_left bigint := least(p_count, (select count(*) from letter l where l.batch = p_batch and l.state = 'sent'
                                     and l.sent_utc > p_from - p_each));
begin
    update letter l set next_try_utc = p_from + ((it.place + v_left) / p_count) * p_each
        from (select w.id, row_number() over (order by w.queued_utc, w.id) - 1 as place from letter w
              where w.batch = p_batch and w.state = 'planned' and w.waiting_since_utc is null) it
        where l.id = it.id;
    get diagnostics v_moved = row_count;
    return v_moved;
end $$;

create or replace function email_of(p_cause uuid, p_person uuid) returns uuid
language sql immutable as $$
    select md5(uuid_send(p_cause) || uuid_send(p_person))::uuid
$$;

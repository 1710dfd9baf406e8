-- Claiming emails: one statement takes a batch, asks the law for each of them, and writes what it says.

-- Claim these emails of the queue. For each one the grant that lets it be read is written, so a choice that was committed
-- before always wins; an email that was finished when it was posted reads nothing and asks for none. The law is asked for
-- all people at once whose standing says everything, and for each other one by its own function. Gives each email and the
-- law's codes: none where it asked for none, or its address is suppressed; and what its row says by now.
create or replace function claim_emails(
    p_emails uuid[], p_grants uuid[], p_keys bytea[], p_at timestamptz, p_session text default null)
returns table (email uuid, codes jsonb, state text, why text, permit uuid)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_taken uuid[];
    v_suppressed uuid[];
    v_codes jsonb;
    v_asked record;
begin
    perform acts('program:outbox', p_session);
    v_taken := array(select l.id from letter l where l.id = any (p_emails) and l.state = 'planned' order by l.id for no key update);
    v_suppressed := emails_suppressed(v_taken);
    v_codes := claim_settled(array(select unnest(v_taken) except select unnest(v_suppressed)), p_emails, p_grants, p_keys);
    for v_asked in
        select l.id, l.person_id, l.request, l.purpose, l.topic, l.template, w.kinds, it.granted, it.key
        from unnest(p_emails, p_grants, p_keys) it (id, granted, key) join letter l on l.id = it.id
        cross join lateral kinds_of_email(l.kinds, l."to") w
        where l.id = any (v_taken) and l."to" <> 'farewell' and not v_codes ? l.id::text and l.id <> all (v_suppressed)
        order by l.id
    loop
        v_codes := v_codes || jsonb_build_object(v_asked.id, grant_use(
            v_asked.person_id, v_asked.granted, v_asked.key, v_asked.purpose, v_asked.kinds,
            'program:outbox', 'email ' || v_asked.template, v_asked.request, interval '10 minutes', p_session,
            v_asked.topic));
    end loop;
    return query
    with claimed as materialized (
        select it.id, it.granted, l."to", coalesce(v_codes -> it.id::text, '{}') as codes,
               case when it.id = any (v_suppressed) then false when l."to" = 'farewell' then true
                    when l."to" = 'person' then coalesce(v_codes -> it.id::text ->> 'email' in ('stated', 'answered'), false)
                    else v_codes -> it.id::text @? '$.* ? (@ == "stated" || @ == "answered")' end as allowed
        from unnest(p_emails, p_grants) it (id, granted) join letter l on l.id = it.id where l.id = any (v_taken)
    )
    update letter l set
        state = case when c.allowed then 'claimed' else 'refused' end,
        why = case when c.allowed then '' when c.id = any (v_suppressed) then 'suppressed'
                   else coalesce(c.codes ->> 'email', (select min(k.value) from jsonb_each_text(c.codes) k), 'not held') end,
        attempts = l.attempts + 1, claimed_utc = p_at, begun_utc = null,
        permit = case when c.allowed and c."to" <> 'farewell' then coalesce(l.permit, c.granted) else l.permit end
    from claimed c where l.id = c.id
    returning l.id, c.codes, l.state, l.why, l.permit;
end $$;

-- Those of these emails whose address gets none: that which the request gave, else the person's latest. Who confirms an address
-- starts fresh, so the question to confirm it still goes, but to nobody who complained.
create or replace function emails_suppressed(p_emails uuid[]) returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(l.id), '{}') from letter l cross join lateral (
        select d.blind_index from datum d where d.person_id = l.person_id and d.kind = 'email' and d.removed_utc is null
        order by d.request is not distinct from l.request desc, d.id desc limit 1) d
    join suppression s on s.mark = d.blind_index and (
        s.why in ('complaint', 'staff') or s.why = 'bounce' and l.purpose <> 'confirmations')
    where l.id = any (p_emails) and l."to" = 'person' and l.lane <> 'security'
$$;

-- Grants for those of these emails whose people's standing says all that the law asks, and their codes, by email. It says
-- what `grant_use` says: orders of courts, a clock that went backward, and people whose data must be looked at or of whose class
-- nobody asked yet, are left to it.
create or replace function claim_settled(p_taken uuid[], p_emails uuid[], p_grants uuid[], p_keys bytea[]) returns jsonb
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_now timestamptz := now_utc();
    v_entries entry[];
    v_codes jsonb;
begin
    perform refuse_snapshot();
    if clock_backward(clock_timestamp()) then
        return '{}';
    end if;
    with asked as materialized (
        select l.id, l.person_id, l.request, l.purpose, l.template, l.topic, it.granted, it.key, a.section, a.kinds, a.codes,
               w.kinds as wanted
        from unnest(p_emails, p_grants, p_keys) it (id, granted, key) join letter l on l.id = it.id
        cross join lateral law_answered(l.person_id, l.purpose, v_now) a
        cross join lateral kinds_of_email(l.kinds, l."to") w
        where l.id = any (p_taken) and l."to" <> 'farewell' and l.purpose <> 'legal' and a.kinds is not null
    ), closed as materialized (
        select a.id, a.wanted, a.kinds, a.codes,
               case when a.topic = '' then '' else law_topic_code(a.person_id, a.purpose, a.topic) end as closed
        from asked a
    ), decided as materialized (
        select k.id, jsonb_object_agg(k.kind, k.code) as codes,
               array_agg(k.kind) filter (where k.code in ('stated', 'answered')) as allowed
        from (select distinct c.id, w as kind, law_close(law_answer_code(c.kinds, c.codes, w), c.closed) as code
              from closed c, unnest(c.wanted) w) k group by k.id
    )
    select array_agg(entry_of_email(a.person_id, a.granted, case when d.allowed is null then 'refused' else 'used' end,
                                    a.purpose, a.section, coalesce(d.allowed, a.wanted), a.template, a.request, v_now,
                                    jsonb_build_object('codes', d.codes) || topic_said(a.topic)
                                    || case when d.allowed is null then '{}'
                                            else jsonb_build_object('key', encode(a.key, 'hex')) end)),
           coalesce(jsonb_object_agg(a.id, d.codes), '{}')
        into v_entries, v_codes
    from asked a join decided d on d.id = a.id;
    perform entry_write_many(v_entries);
    return v_codes;
end $$;

create or replace function entry_of_email(
    p_person uuid, p_entry uuid, p_kind text, p_purpose text, p_section text, p_kinds text[], p_template text,
    p_request uuid, p_at timestamptz, p_payload jsonb) returns entry
language plpgsql stable as $$
declare
    v_entry entry;
begin
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := p_kind; v_entry.at_utc := p_at;
    v_entry.purpose := p_purpose; v_entry.section := p_section; v_entry.kinds := p_kinds;
    v_entry.who := 'program:outbox'; v_entry.reason := 'email ' || p_template; v_entry.request := p_request;
    v_entry.payload := p_payload;
    if p_kind = 'used' then
        v_entry.expires_utc := p_at + interval '10 minutes';
    end if;
    return v_entry;
end $$;

-- What an email to the person, or to somebody else, asks the law for. Inlined where it is called.
create or replace function kinds_of_email(p_kinds jsonb, p_to text) returns table (kinds text[])
language sql immutable rows 1 as $$
    select coalesce(array_agg(distinct it order by it), '{}') from (
        select jsonb_array_elements_text(p_kinds) as it union all select 'email' where p_to = 'person') kinds
$$;

-- Note that these emails were handed over, each with its entry, that the next ones begin to leave, and read the values of
-- these by their grants: one statement for all, so that an email takes one way to the database between two mail servers'
-- answers, and emails that leave at the same time share it. Gives a row for each next one that was still claimed by
-- whoever asks, and for each of its values; the code of a grant that does not open.
create or replace function settle_emails(
    p_sent uuid[], p_entries uuid[], p_times timestamptz[], p_next uuid[], p_claimed timestamptz[], p_grants uuid[],
    p_tokens bytea[], p_at timestamptz, p_session text default null)
returns table (email uuid, kind text, sealed bytea, clear text, wrapped bytea, request uuid, code text)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_begun uuid[];
    v_next record;
    v_found boolean;
    v_read uuid[] := '{}';
begin
    perform acts('program:outbox', p_session);
    if cardinality(p_sent) > 0 then
        perform note_sent(p_sent, p_entries, p_times);
    end if;
    with begun as (  -- by their ids: the index of states is full of rows that were claimed a moment ago
        update letter l set begun_utc = p_at from unnest(p_next, p_claimed) it (id, claimed_utc)
        where l.id = it.id and l.state || '' = 'claimed' and l.claimed_utc = it.claimed_utc returning l.id)
    select array_agg(b.id) into v_begun from begun b;
    for v_next in
        select r.email, r.kind, r.sealed, r.clear, r.wrapped, r.request
        from read_settled(v_begun, p_next, p_grants, p_tokens) r
    loop
        email := v_next.email; kind := v_next.kind; sealed := v_next.sealed; clear := v_next.clear;
        wrapped := v_next.wrapped; request := v_next.request;
        v_read := v_read || v_next.email;
        return next;
    end loop;
    kind := null; sealed := null; clear := null; wrapped := null; request := null;
    for v_next in
        select l.id, l.person_id, it.granted, it.token from unnest(p_next, p_grants, p_tokens) it (id, granted, token)
        join letter l on l.id = it.id where l.id = any (v_begun) and l.id <> all (v_read)
    loop
        v_found := false;
        if v_next.granted is not null then
            begin
                return query select v_next.id, r.kind, r.sealed, r.clear, r.wrapped, r.request, null::text
                    from read_granted(v_next.person_id, v_next.granted, v_next.token) r;
                v_found := found;
            exception when raise_exception then
                email := v_next.id; code := sqlerrm; v_found := true;
                return next;
                code := null;
            end;
        end if;
        if not v_found then
            email := v_next.id;
            return next;
        end if;
    end loop;
end $$;

create or replace function note_sent(p_sent uuid[], p_entries uuid[], p_times timestamptz[]) returns void
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_entries entry[];
begin
    with sent as (
        update letter l set state = 'sent', why = '', fault = '', domain = '', sent_utc = it.at_utc
        from unnest(p_sent, p_entries, p_times) it (id, entry, at_utc) where l.id = it.id
        returning l.id, l.person_id, l.purpose, l.template, l."to", l.to_name, l.request, it.entry)
    select array_agg(entry_of_email(s.person_id, s.entry, 'notified', s.purpose, r.section, '{}', s.template, s.request, now_utc(),
        jsonb_build_object('email', s.id, 'template', s.template,
                           'to', case when s."to" = 'farewell' then 'person' else s."to" end)
        || case when s.to_name = '' then '{}' else jsonb_build_object('name', s.to_name) end))
        into v_entries
    from sent s
    left join law_purpose r on r.version_id = (select max(number) from policy_version) and r.purpose = s.purpose;
    delete from finished_letter f using letter l where l.id = f.letter_id and l.id = any (p_sent) and l."to" = 'farewell';
    perform entry_write_many(v_entries);
end $$;

-- What `read_granted` gives by these grants, of emails whose people's standing says all that the law asks, and of those
-- whose grants open; it is asked about each other one, and then says why.
create or replace function read_settled(p_begun uuid[], p_next uuid[], p_grants uuid[], p_tokens bytea[])
returns table (email uuid, kind text, sealed bytea, clear text, wrapped bytea, request uuid)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_now timestamptz := now_utc();
begin
    perform refuse_snapshot();
    if clock_backward(clock_timestamp()) then
        return;
    end if;
    return query
    with open as materialized (
        select it.id, e.person_id, e.purpose, e.kinds
        from unnest(p_next, p_grants, p_tokens) it (id, granted, token) join letter n on n.id = it.id
        -- by both at once: else all entries of the person would be read
        cross join lateral (
            select e.person_id, e.purpose, e.kind, e.kinds, e.payload, e.transaction, e.at_utc, e.expires_utc
            from entry e where (e.person_id, e.id) = (n.person_id, it.granted) offset 0) e
        where it.id = any (p_begun) and e.kind = 'used' and e.payload ->> 'key' = encode(sha256(it.token), 'hex')
          and e.transaction is distinct from pg_current_xact_id_if_assigned()::text::bigint
          and e.expires_utc > v_now and v_now >= e.at_utc - interval '5 seconds' and e.purpose <> 'legal'
          and (not e.payload ? 'topic' or law_topic_code(e.person_id, e.purpose, e.payload ->> 'topic') = '')
    ), l as materialized (
        select o.id, o.person_id, o.kinds, a.opened, case when a.timed then o.purpose end as timed
        from open o cross join lateral law_answered(o.person_id, o.purpose, v_now) a
    )
    select l.id, d.kind, d.sealed, d.clear, k.wrapped, d.request
    from l cross join lateral data_opened(l.person_id, l.kinds, l.opened, l.timed, v_now) d
    left join person_key k on k.person_id = l.person_id
    order by l.id, d.id;
end $$;

-- The address that a request gave was confirmed: it starts fresh.
create or replace function lift_suppression(p_person uuid, p_request uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_mark bytea := (select d.blind_index from datum d where d.person_id = p_person and d.kind = 'email'
                     and d.removed_utc is null and d.request = p_request order by d.id desc limit 1);
begin
    delete from suppression s where s.mark = v_mark;
    delete from soft_bounce s where s.mark = v_mark;
end $$;

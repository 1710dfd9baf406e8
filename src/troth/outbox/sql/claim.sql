-- Claiming emails: one statement takes a batch, asks the law for each of them, and writes what it says.

-- Claim these emails of the queue. For each one the grant that lets it be read is written by the law's own function, so a
-- choice that was committed before always wins; an email that was finished when it was posted reads nothing and asks
-- for none. Gives each email and the law's codes: none where it asked for none, or its address is suppressed.
create or replace function claim_emails(
    p_emails uuid[], p_grants uuid[], p_keys bytea[], p_at timestamptz, p_session text default null)
returns table (email uuid, codes jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_asked record;
    v_allowed boolean;
    v_suppressed boolean;
begin
    perform acts('program:outbox', p_session);
    for v_asked in
        select l.id, l.person_id, l.request, l.purpose, l.topic, l.template, l.kinds, l."to", l.lane, it.granted, it.key from unnest(p_emails, p_grants, p_keys) it (id, granted, key)
        join letter l on l.id = it.id where l.state = 'planned' order by l.id for no key update of l
    loop
        email := v_asked.id; codes := '{}'; v_suppressed := false; v_allowed := true;
        if v_asked."to" = 'person' and v_asked.lane <> 'security' then
            -- Who confirms an address starts fresh, so the question to confirm it still goes, but to nobody who complained.
            select exists (select from suppression s where s.mark = d.blind_index and (
                               s.why in ('complaint', 'staff') or s.why = 'bounce' and v_asked.purpose <> 'confirmations'))
                into v_suppressed  -- at the address that her request gave, else her latest
            from datum d where d.person_id = v_asked.person_id and d.kind = 'email' and d.removed_utc is null
            order by d.request is not distinct from v_asked.request desc, d.id desc limit 1;
            v_suppressed := coalesce(v_suppressed, false);
        end if;
        if v_suppressed then
            v_allowed := false;
        elsif v_asked."to" <> 'farewell' then
            codes := grant_use(
                v_asked.person_id, v_asked.granted, v_asked.key, v_asked.purpose, kinds_of_email(v_asked.kinds, v_asked."to"),
                'program:outbox', 'email ' || v_asked.template, v_asked.request, interval '10 minutes', p_session,
                v_asked.topic);
            v_allowed := case when v_asked."to" = 'person' then codes ->> 'email' in ('stated', 'answered')
                              else exists (select from jsonb_each_text(codes) c where c.value in ('stated', 'answered')) end;
        end if;
        update letter l set
            state = case when v_allowed then 'claimed' else 'refused' end,
            why = case when v_allowed then '' when v_suppressed then 'suppressed'
                       else coalesce(codes ->> 'email', (select min(c.value) from jsonb_each_text(codes) c), 'not held') end,
            attempts = l.attempts + 1, claimed_utc = p_at, begun_utc = null,
            permit = case when v_allowed and v_asked."to" <> 'farewell' then coalesce(l.permit, v_asked.granted) else l.permit end
        where l.id = v_asked.id;
        return next;
    end loop;
end $$;

-- What an email to the person, or to somebody else, asks the law for.
create or replace function kinds_of_email(p_kinds jsonb, p_to text) returns text[]
language sql immutable as $$
    select coalesce(array_agg(distinct it order by it), '{}') from (
        select jsonb_array_elements_text(p_kinds) as it union select 'email' where p_to = 'person') kinds
$$;

-- Note that these emails were handed over, each with its entry, that the next ones begin to leave, and read the values of
-- these by their grants: one statement for all, so that an email takes one way to the database between two mail servers'
-- answers, and emails that leave at the same time share it. Gives a row for each next one that was still claimed by
-- whoever asks, and for each of its values; the code of a grant that does not open.
create or replace function settle_emails(
    p_sent uuid[], p_entries uuid[], p_times timestamptz[], p_next uuid[], p_claimed timestamptz[], p_grants uuid[],
    p_tokens bytea[], p_at timestamptz, p_session text default null)
returns table (email uuid, kind text, sealed bytea, clear text, wrapped bytea, request uuid, code text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_sent record;
    v_next record;
    v_found boolean;
begin
    perform acts('program:outbox', p_session);
    for v_sent in
        update letter l set state = 'sent', why = '', fault = '', domain = '', sent_utc = it.at_utc
        from unnest(p_sent, p_entries, p_times) it (id, entry, at_utc) where l.id = it.id
        returning l.id, l.person_id, l.purpose, l.template, l."to", l.to_name, l.request, it.entry
    loop
        if v_sent."to" = 'farewell' then
            delete from finished_letter f where f.letter_id = v_sent.id;
        end if;
        perform note(
            v_sent.person_id, v_sent.entry, 'notified', v_sent.purpose, 'program:outbox', 'email ' || v_sent.template,
            v_sent.request,
            jsonb_build_object('email', v_sent.id, 'template', v_sent.template,
                               'to', case when v_sent."to" = 'farewell' then 'person' else v_sent."to" end)
            || case when v_sent.to_name = '' then '{}' else jsonb_build_object('name', v_sent.to_name) end, p_session);
    end loop;
    for v_next in
        update letter l set begun_utc = p_at
        from unnest(p_next, p_claimed, p_grants, p_tokens) it (id, claimed_utc, granted, token)
        where l.id = it.id and l.state = 'claimed' and l.claimed_utc = it.claimed_utc
        returning l.id, l.person_id, it.granted, it.token
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

-- The address that her request gave was confirmed: it starts fresh.
create or replace function lift_suppression(p_person uuid, p_request uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_mark bytea := (select d.blind_index from datum d where d.person_id = p_person and d.kind = 'email'
                     and d.removed_utc is null and d.request = p_request order by d.id desc limit 1);
begin
    delete from suppression s where s.mark = v_mark;
    delete from soft_bounce s where s.mark = v_mark;
end $$;

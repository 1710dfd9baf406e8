-- The only ways in and out of person, person_key, datum, choice and entry for the application's role.
-- Every function belongs to the owner and writes its fact and its ledger entry in the caller's transaction.
-- A refusal is an exception whose message starts with "troth:<code>:" and goes on with a sentence, which the message catalog
-- translates: a literal, whose %(names)s are filled in with the values. They are JSON in the second line, if there are any.

create or replace function now_utc() returns timestamptz language sql volatile as $$ select clock_timestamp() $$;

create or replace function refuse(p_code text, p_sentence text, p_values jsonb default null) returns void language plpgsql as $$
begin
    raise exception 'troth:%:%', p_code, p_sentence || coalesce(E'\n' || p_values::text, '') using errcode = 'P0001';
end $$;

-- The wrapped data key, so that another value can be sealed for the same person; useless without a value.
create or replace function person_key_of(p_person uuid) returns bytea
language sql stable security definer set search_path = public, pg_temp as $$
    select wrapped from person_key where person_id = p_person
$$;

-- Keep data. p_data: [{"id", "kind", "sealed"|"clear", "index"}], byte values in hex. What the person gives is a contact;
-- until a sign-up is confirmed, its account is one that ends when the email's secret does.
create or replace function keep(
    p_person uuid, p_wrapped bytea, p_data jsonb, p_channel text, p_version integer, p_way text, p_evidence text,
    p_at timestamptz, p_request uuid, p_entry uuid, p_who text, p_session text default null) returns void
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_entry entry;
    v_law integer := p_version;
    v_stated text[];
    v_section text;
    v_undeclared text;
    -- Taken apart once: a message is large, and each look into the JSON copies all of it.
    v_ids uuid[];
    v_kinds text[];
    v_sealed bytea[];
    v_clear text[];
    v_indexes bytea[];
begin
    perform acts(p_who, p_session);
    perform refuse_dated(p_at, p_evidence);
    p_at := least(p_at, now_utc());
    if p_version = 0 then
        v_law := law_current();
    elsif not exists (select from policy_version where number = p_version) then
        perform refuse('unknown version', 'There is no adopted policy version %(version)s.',
                       jsonb_build_object('version', p_version));
    end if;
    select array_agg(it.id), array_agg(it.kind), array_agg(decode(it.sealed, 'hex')), array_agg(it.clear),
           array_agg(decode(it.index, 'hex'))
        into v_ids, v_kinds, v_sealed, v_clear, v_indexes
        from jsonb_to_recordset(p_data) it (id uuid, kind text, sealed text, clear text, index text);
    select coalesce(array_agg(c.kind), '{}'), coalesce(min(c.section), '') into v_stated, v_section
        from law_collect c where (c.version_id, c.channel) = (v_law, p_channel);
    select string_agg(k, ', ') into v_undeclared from unnest(v_kinds) k where k <> all (v_stated);
    if v_undeclared is not null then
        perform refuse('undeclared', 'The policy does not let %(channel)s collect %(kinds)s.',
                       jsonb_build_object('channel', p_channel, 'kinds', v_undeclared));
    end if;
    if p_wrapped is not null then
        insert into person (id, ordinal, created_utc) values (p_person, nextval('person_ordinal'), p_at);
        insert into person_key (person_id, wrapped) values (p_person, p_wrapped);
    elsif not exists (select from person_key where person_id = p_person) then
        perform refuse('erased', 'This person does not exist or was erased.');
    end if;
    perform refuse_unsealed(v_kinds, v_sealed, v_clear, p_channel, v_law);
    if p_who = 'person' and p_wrapped is not null then
        insert into event_time (person_id, event, object, at_utc) values (p_person, 'last contact', p_person, p_at);
    elsif p_who = 'person' then
        perform contact(p_person, p_at);
    end if;
    if p_channel = 'form.account' and p_request is not null then
        perform event_put(p_person, 'account', p_request, p_at + interval '24 hours');
    end if;
    insert into datum (person_id, id, kind, sealed, clear, blind_index, channel, version, way, evidence,
                       collected_utc, kept_until_utc, request)
    select p_person, it.id, it.kind, it.sealed, it.clear, it.index, p_channel, p_version, p_way, p_evidence, p_at,
           kept_until(p_person, it.kind, p_channel, p_version, p_request, p_at), p_request
    from unnest(v_ids, v_kinds, v_sealed, v_clear, v_indexes) it (id, kind, sealed, clear, index);
    if p_wrapped is not null then
        perform settle(array[p_person], now_utc());
    else
        perform settle_new(p_person, v_ids, now_utc());
    end if;
    if 'email' = any (v_kinds) then
        perform inherit_answers(p_person);
    end if;
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'collected'; v_entry.at_utc := p_at;
    v_entry.version := p_version; v_entry.who := p_who; v_entry.request := p_request;
    v_entry.section := v_section; v_entry.kinds := v_kinds;
    v_entry.payload := jsonb_build_object('channel', p_channel, 'way', p_way);
    perform entry_write(v_entry);
end $$;

-- The organization of a mail domain with the person as its contact. Contacts are known, not members: they see nothing and
-- decide nothing until an administrator lets them in.
create or replace function enroll(
    p_person uuid, p_organization uuid, p_entry uuid, p_name text, p_domain bytea, p_industry text, p_country text,
    p_state text, p_at timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_organization uuid;
    v_entry entry;
begin
    perform refuse_dated(p_at, 'organization');
    p_at := least(p_at, now_utc());
    if not exists (select from person_key where person_id = p_person) then
        perform refuse('erased', 'This person does not exist or was erased.');
    end if;
    insert into organization (id, name, domain_index, industry, country, state, created_utc)
        values (p_organization, p_name, p_domain, p_industry, p_country, p_state, p_at)
        on conflict (domain_index) do update set name = organization.name returning id into v_organization;
    insert into membership (person_id, organization_id, since_utc) values (p_person, v_organization, p_at)
        on conflict do nothing;
    if found then
        v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'joined'; v_entry.at_utc := p_at;
        v_entry.who := 'program:organizations';
        select e.section, e.payload || jsonb_build_object('organization', v_organization)
            into v_entry.section, v_entry.payload
            from entry e where e.person_id = p_person and e.kind = 'collected' order by e.id desc limit 1;
        perform entry_write(v_entry);
    end if;
    return v_organization;
end $$;

-- The topic of a use, as its entry says it: nothing where it is about none. No stricter than what it calls: only so it is
-- inlined.
create or replace function topic_said(p_topic text) returns jsonb language sql stable as $$
    select case when p_topic = '' then '{}'::jsonb else jsonb_build_object('topic', p_topic) end
$$;

create or replace function topic_of(p_entry entry) returns text language sql immutable as $$
    select coalesce(p_entry.payload ->> 'topic', '')
$$;

-- The purpose that a question is about: "news" of news, news@3 and news/products.
create or replace function question_purpose(p_question text) returns text language sql immutable as $$
    select split_part(split_part(p_question, '@', 1), '/', 1)
$$;

create or replace function law_section(p_purpose text) returns text language sql stable as $$
    select l.section from law_purpose l
    where l.version_id = (select max(number) from policy_version) and l.purpose = p_purpose
$$;

-- Ask the law for kinds; write the grant ('used') for those it allows, or the refusal. Gives {kind: code}. p_key is the
-- SHA-256 of the token that opens the grant, so that knowing its id is not enough.
create or replace function grant_use(
    p_person uuid, p_grant uuid, p_key bytea, p_purpose text, p_kinds text[], p_who text, p_reason text, p_request uuid,
    p_lasting interval, p_session text default null, p_topic text default '') returns jsonb
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off as $$
declare
    v_entry entry;
    v_now timestamptz := now_utc();
    v_asked timestamptz := v_now;
    v_kind text;
    v_code text;
    v_codes jsonb := '{}';
    v_law law_answer;
    v_closed text := '';
    v_mark timestamptz;
    v_backward boolean;
begin
    p_who := acts(p_who, p_session);
    if p_who = 'program:copies' then  -- a job makes what a member of staff ordered by a session: the ledger names that one
        p_who := case_ordered(p_request, 'exported', p_who);
    end if;
    if current_setting('transaction_isolation') <> 'read committed' then
        perform refuse_snapshot();
    end if;
    -- The law and the clock by one statement, for to begin another takes longer than to ask.
    select l.class_id, l.version, l.section, l.kinds, l.codes, c.at_utc
        into v_law.class_id, v_law.version, v_law.section, v_law.kinds, v_law.codes, v_mark
        from (select) one left join law_answered(p_person, p_purpose, v_asked) l on true left join clock_marks() c on true;
    v_backward := coalesce(clock_timestamp() < v_mark - interval '5 seconds', false);
    if v_law.class_id is not null and v_law.kinds is null then
        v_law := law_answer_make(v_law.class_id, v_law.version, p_purpose);
    elsif v_law.class_id is null then
        if not exists (select from person p where p.id = p_person) then
            return (select jsonb_object_agg(k, 'not held') from unnest(p_kinds) k);
        end if;
    end if;
    if v_law.kinds is null then
        select array_agg(l.kind), array_agg(l.code) into v_law.kinds, v_law.codes
            from law_decide_kinds(p_person, p_purpose, p_kinds, v_asked) l;
    end if;
    if p_topic <> '' then
        v_closed := law_topic_code(p_person, p_purpose, p_topic);
    end if;
    foreach v_kind in array p_kinds loop
        v_code := law_answer_code(v_law.kinds, v_law.codes, v_kind);
        if v_closed <> '' then
            v_code := law_close(v_code, v_closed);
        end if;
        if v_backward then
            v_code := 'clock backward';
        end if;
        if v_code in ('stated', 'answered') and not v_codes ? v_kind then
            v_entry.kinds := v_entry.kinds || v_kind;
        end if;
        v_codes := v_codes || jsonb_build_object(v_kind, v_code);
    end loop;
    if p_purpose = 'legal' and not v_backward then  -- an order reaches what a hold keeps beyond its time
        select v_entry.kinds || array_agg(it.kind), v_codes || coalesce(jsonb_object_agg(it.kind, 'stated'), '{}')
            into v_entry.kinds, v_codes
        from (select distinct h.kind from held_for_law(p_person, p_request) h
              where v_codes ->> h.kind = 'expired') it;
    end if;
    v_entry.person_id := p_person; v_entry.id := p_grant; v_entry.at_utc := v_now; v_entry.purpose := p_purpose;
    v_entry.who := p_who; v_entry.reason := p_reason; v_entry.request := p_request;
    v_entry.section := coalesce(v_law.section, law_section(p_purpose));
    if v_entry.kinds is null then
        v_entry.kind := 'refused'; v_entry.kinds := p_kinds;
        v_entry.payload := jsonb_build_object('codes', v_codes) || topic_said(p_topic);
    else
        v_entry.kind := 'used'; v_entry.expires_utc := v_now + least(p_lasting, interval '1 hour');
        v_entry.payload := jsonb_build_object('codes', v_codes, 'key', encode(p_key, 'hex')) || topic_said(p_topic);
    end if;
    v_entry.version := v_law.version;
    v_entry.id := entry_write(v_entry);
    return v_codes;
end $$;

-- The grant, if it opens now: its token is shown, an earlier transaction committed it, and it has not expired.
create or replace function grant_open(p_person uuid, p_grant uuid, p_token bytea) returns entry
language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_grant entry;
begin
    perform refuse_snapshot();
    select * into v_grant from entry e where e.person_id = p_person and e.id = p_grant and e.kind = 'used';
    if not found or coalesce(v_grant.payload ->> 'key' <> encode(sha256(p_token), 'hex'), true) then
        perform refuse('no grant', 'There is no such grant for this person.');
    elsif v_grant.transaction = pg_current_xact_id_if_assigned()::text::bigint then  -- reading assigns none
        perform refuse('same transaction', 'A grant opens nothing before it is committed.');
    elsif v_grant.expires_utc <= now_utc() then
        perform refuse('grant expired', 'The grant has expired; ask again.');
    elsif now_utc() < v_grant.at_utc - interval '5 seconds' or clock_backward(clock_timestamp()) then
        perform refuse('clock backward', 'The database’s clock went backward. Set it right, then try again.');
    end if;
    return v_grant;
end $$;

-- A grant that was shown and did not open.
create or replace function note_refused(
    p_person uuid, p_entry uuid, p_purpose text, p_kinds text[], p_code text, p_grant uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    if exists (select from person p where p.id = p_person) then
        v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'refused'; v_entry.who := 'program:gate';
        v_entry.purpose := p_purpose; v_entry.section := law_section(p_purpose); v_entry.kinds := p_kinds;
        v_entry.reason := 'by a grant that does not open';
        v_entry.payload := jsonb_build_object('code', p_code, 'grant', p_grant);
        perform entry_write(v_entry);
    end if;
end $$;

-- What a grant opens, if it opens now and what stands of the person says by itself what the law gives: almost all that is read.
-- Else nothing. `timed`: the purpose, where it has times of its own. Inlined where it is called.
create or replace function grant_opened(p_person uuid, p_grant uuid, p_token bytea, p_now timestamptz)
returns table (kinds text[], opened text[], timed text)
language sql stable rows 1 as $$
    select e.kinds, a.opened, case when a.timed then e.purpose end
    from entry e cross join lateral law_answered(p_person, e.purpose, p_now) a
    where e.person_id = p_person and e.id = p_grant and e.kind = 'used' and e.purpose <> 'legal'
      and e.payload ->> 'key' = encode(sha256(p_token), 'hex')
      and e.transaction is distinct from pg_current_xact_id_if_assigned()::text::bigint
      and e.expires_utc > p_now and e.at_utc - interval '5 seconds' <= p_now
      and coalesce(clock_timestamp() >= (select c.at_utc from clock_marks() c) - interval '5 seconds', true)
      and (not e.payload ? 'topic' or law_topic_code(p_person, e.purpose, topic_of(e)) = '')
$$;

-- The data that this opens. The ends that are written down are those of the law in force. Inlined where it is called.
create or replace function data_opened(
    p_person uuid, p_kinds text[], p_opened text[], p_timed text, p_now timestamptz)
returns table (id uuid, kind text, sealed bytea, clear text, channel text, version integer, collected_utc timestamptz, request uuid)
language sql stable as $$
    select d.id, d.kind, d.sealed, d.clear, d.channel, d.version, d.collected_utc, d.request
    from datum d
    where d.person_id = p_person and d.removed_utc is null and d.kind = any (p_kinds)
      and (d.kept_until_utc is null or d.kept_until_utc > p_now)
      and origin_name(d.kind, d.channel, d.version) = any (p_opened) and datum_usable(d, p_timed, p_now)
$$;

create or replace function read_granted(p_person uuid, p_grant uuid, p_token bytea)
returns table (kind text, sealed bytea, clear text, wrapped bytea, channel text, version integer,
               collected_utc timestamptz, request uuid)
language plpgsql volatile security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off as $$
declare
    v_grant entry;
    v_now timestamptz := now_utc();
    v_reckoned uuid;
    v_kinds text[];
    v_opened text[];
    v_timed text;
begin
    -- Where this gives nothing, the grant does not open, which the rest says, or the person's own data say what the law gives.
    if current_setting('transaction_isolation') = 'read committed' then
        select g.kinds, g.opened, g.timed into v_kinds, v_opened, v_timed
            from grant_opened(p_person, p_grant, p_token, v_now) g;
        if v_opened is not null then
            return query
            select d.kind, d.sealed, d.clear, k.wrapped, d.channel, d.version, d.collected_utc, d.request
            from data_opened(p_person, v_kinds, v_opened, v_timed, v_now) d left join person_key k on k.person_id = p_person
            order by d.id;
            return;
        end if;
    end if;
    v_grant := grant_open(p_person, p_grant, p_token);
    v_timed := law_timed(v_grant.purpose);
    if v_grant.payload ? 'topic' and law_topic_code(p_person, v_grant.purpose, topic_of(v_grant)) <> '' then
        return;  -- turned off since
    end if;
    if v_grant.purpose = 'legal' then
        return query
        select h.kind, h.sealed, h.clear, k.wrapped, h.channel, h.version, h.collected_utc, h.request
        from held_for_law(p_person, v_grant.request) h left join person_key k on k.person_id = p_person
        where h.kind = any (v_grant.kinds);
    end if;
    v_reckoned := reckoned_to();
    return query
    with l as materialized (
        select it.kind, it.channel, it.version from law_decide(p_person, v_grant.purpose, v_now) it
        where it.code in ('stated', 'answered'))
    select d.kind, d.sealed, d.clear, k.wrapped, d.channel, d.version, d.collected_utc, d.request
    from l join datum d on d.person_id = p_person and (d.kind, d.channel, d.version) = (l.kind, l.channel, l.version)
    left join person_key k on k.person_id = p_person
    where d.kind = any (v_grant.kinds) and d.removed_utc is null and datum_open(d, v_timed, v_reckoned, v_now)
    order by d.id;
end $$;

-- The same as one text, each value a list: for a look, which takes longer to make several results than to read them.
create or replace function read_as_text(p_person uuid, p_grant uuid, p_token bytea) returns text
language plpgsql volatile security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off as $$
declare
    v_now timestamptz := now_utc();
    v_kinds text[];
    v_opened text[];
    v_timed text;
    v_given text;
begin
    if current_setting('transaction_isolation') = 'read committed' then
        select g.kinds, g.opened, g.timed into v_kinds, v_opened, v_timed
            from grant_opened(p_person, p_grant, p_token, v_now) g;
    end if;
    if v_opened is not null then
        select json_agg(json_build_array(d.kind, encode(d.sealed, 'hex'), d.clear, encode(k.wrapped, 'hex'), d.request)
                        order by d.id)
            into v_given
        from data_opened(p_person, v_kinds, v_opened, v_timed, v_now) d left join person_key k on k.person_id = p_person;
    else
        select json_agg(json_build_array(r.kind, encode(r.sealed, 'hex'), r.clear, encode(r.wrapped, 'hex'), r.request))
            into v_given from read_granted(p_person, p_grant, p_token) r;
    end if;
    return v_given;
end $$;

create or replace procedure look(
    p_person uuid, p_grant uuid, p_key bytea, p_token bytea, p_purpose text, p_kinds text[], p_who text, p_reason text,
    p_request uuid, p_lasting interval, p_session text, inout o_codes jsonb default null, inout o_given text default null)
language plpgsql as $$
begin
    o_codes := public.grant_use(
        p_person, p_grant, p_key, p_purpose, p_kinds, p_who, p_reason, p_request, p_lasting, p_session);
    commit;
    if o_codes @? '$.* ? (@ == "stated" || @ == "answered")' then
        o_given := public.read_as_text(p_person, p_grant, p_token);
    end if;
end $$;

-- Record that kinds of an open grant go to a recipient whom its purpose names.
create or replace function disclose(
    p_person uuid, p_grant uuid, p_token bytea, p_entry uuid, p_class text, p_recipient text, p_name text,
    p_kinds text[], p_request uuid, p_who text, p_reason text, p_session text default null, p_product text default '')
returns void
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_grant entry := grant_open(p_person, p_grant, p_token);
    v_entry entry;
begin
    perform acts(p_who, p_session);
    if not p_kinds <@ v_grant.kinds then
        perform refuse('not granted', 'The grant does not name all of these kinds.');
    elsif not exists (select from law_purpose l where l.version_id = law_current()
                      and l.purpose = v_grant.purpose and p_class = any (l.recipients)) then
        perform refuse('recipient not stated', 'The policy names no %(class)s as recipient of this purpose.',
                       jsonb_build_object('class', p_class));
    elsif exists (select from law_purpose l where l.version_id = law_current() and l.purpose = v_grant.purpose
                  and l.serves ? p_class and not (l.serves -> p_class) ? p_product) then
        perform refuse('product not served', 'The policy lets %(class)s have data about other products only.',
                       jsonb_build_object('class', p_class));
    elsif p_class = 'authority' and not case_agreed(p_request, 'disclose') then
        perform refuse('not approved', 'Two different members of staff must approve a disclosure to an authority.');
    elsif p_class = 'authority' and not exists (
        select from request_case c where c.id = p_request and (c.approves, c.state) = ('disclose', 'open')
        and c.facts -> 'people' ? p_person::text and c.facts -> 'kinds' @> to_jsonb(p_kinds)) then
        perform refuse('not required', 'The approval covers other people or other kinds of data.');
    elsif p_class = 'authority' then
        perform acts(p_who, p_session, array['privacy', 'admin']);
    end if;
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'disclosed';
    v_entry.purpose := v_grant.purpose; v_entry.section := v_grant.section; v_entry.who := p_who;
    v_entry.reason := p_reason; v_entry.kinds := p_kinds; v_entry.recipient := p_class || ':' || p_recipient;
    v_entry.request := p_request;
    v_entry.payload := jsonb_build_object('grant', p_grant, 'name', p_name);
    perform entry_write(v_entry);
end $$;

-- Where a version asks this question, by the purpose of the question. Refuses what it does not ask. Each kind of question by a
-- statement of its own, for one of them all takes as long to begin as all of them.
create or replace function choice_section(p_question text, p_version integer, p_purpose text) returns text
language plpgsql stable as $$
declare
    v_section text;
    v_asked boolean;
begin
    if p_question like '%/%' then
        select l.section, l.choice <> 'none' and split_part(p_question, '/', 2) ~ '^[a-z0-9]+(-[a-z0-9]+)*$'
                          and (split_part(p_question, '/', 2) = any (l.topics) or '*' = any (l.topics))
                          and p_question = l.purpose || '/' || split_part(p_question, '/', 2)
            into v_section, v_asked from law_purpose l where l.version_id = p_version and l.purpose = p_purpose;
    elsif p_question = 'marketing' then
        select l.section, true into v_section, v_asked from policy_version v
            left join law_purpose l on l.version_id = v.number and l.purpose = p_purpose where v.number = p_version;
    elsif p_question like '%@%' then
        select l.section, true into v_section, v_asked from policy_version v
            left join law_purpose l on l.version_id = v.number and l.purpose = p_purpose
            where v.number = p_version
            and exists (select from law_question q where q.question = p_question and q.version_id <= p_version);
    else
        select l.section, true into v_section, v_asked from law_question q
            left join law_purpose l on l.version_id = q.version_id and l.purpose = p_purpose
            where q.question = p_question and q.version_id = p_version;
    end if;
    if v_asked then
        return v_section;
    elsif not exists (select from policy_version v where v.number = p_version) then
        perform refuse('unknown version', 'There is no adopted policy version %(version)s.',
                       jsonb_build_object('version', p_version));
    elsif p_question like '%/%' then
        perform refuse('unknown question', 'Version %(version)s of the policy lists no such topic.',
                       jsonb_build_object('version', p_version));
    end if;
    perform refuse('unknown question', 'Version %(version)s of the policy asks no such question.',
                   jsonb_build_object('version', p_version));
end $$;

-- An answer is never dated before the person's former one: where the clock went backward, the latest still counts.
create or replace function choose(
    p_person uuid, p_entry uuid, p_question text, p_version integer, p_yes boolean, p_way text, p_who text,
    p_session text default null) returns void
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_bitmapscan = off as $$
declare
    v_entry entry;
    v_locked uuid[] := '{}';
    v_class integer;
begin
    if p_who is distinct from 'person' then  -- who needs no sign-in of staff
        p_who := acts(p_who, p_session);
    end if;
    v_entry.purpose := question_purpose(p_question);
    v_entry.section := choice_section(p_question, p_version, v_entry.purpose);
    if p_who = 'person' and p_yes then  -- whoever says no is not kept longer for it
        v_locked := contact(p_person, now_utc());
    end if;
    if not p_person = any (v_locked) then
        perform from standing s where s.person_id = p_person for update;
        if not found then
            perform refuse('erased', 'This person does not exist or was erased.');
        end if;
    end if;
    insert into choice (person_id, id, question, version, yes, way, chosen_utc)
        select p_person, p_entry, p_question, p_version, p_yes, p_way,
               greatest(now_utc(), max(c.chosen_utc) + interval '1 microsecond')
        from choice c where c.person_id = p_person;
    v_class := settle_answers(p_person);
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'chose'; v_entry.version := p_version;
    v_entry.who := p_who;
    v_entry.payload := jsonb_build_object('question', p_question, 'yes', p_yes, 'way', p_way);
    v_entry.id := entry_write(v_entry);
end $$;

-- What decides about a person, without any value: for troth.policy.meaning.
create or replace function held(p_person uuid)
returns table (kind text, channel text, version integer, kept_until_utc timestamptz, purposes text[], untils timestamptz[])
language sql stable security definer set search_path = public, pg_temp as $$
    select d.kind, d.channel, d.version, datum_until(d, (select reckoned_to())), e.purposes, e.untils
    from datum d cross join lateral use_ends(d) e
    where d.person_id = p_person and d.removed_utc is null order by d.id
$$;

create or replace function answers(p_person uuid)
returns table (question text, version integer, yes boolean, chosen_utc timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select c.question, c.version, c.yes, c.chosen_utc from choice c
    where c.person_id = p_person order by c.chosen_utc, c.id
$$;

-- Adopt a version: the owner's alone. p_law: {"purposes": […], "uses": […], "collects": […], "kept": […],
-- "compiler", "compiled"}: its rows, and the compiled policy, which a start compares with the text.
create or replace function adopt(
    p_number integer, p_text text, p_sha256 text, p_effective date, p_by text, p_law jsonb, p_entry uuid,
    p_more jsonb default '{}') returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    if p_number <> coalesce(law_current(), 0) + 1 then
        perform refuse('wrong version', 'The next version is %(next)s, not %(number)s.',
                       jsonb_build_object('next', coalesce(law_current(), 0) + 1, 'number', p_number));
    elsif encode(sha256(convert_to(p_text, 'UTF8')), 'hex') <> p_sha256 then
        perform refuse('wrong hash', 'The text is not the one that was checked.');
    elsif not p_more ? 'second' and exists (select from policy_adoption a
                                            where a.second_by <> '' and a.withdrawn_utc is null and a.adopted_utc is null) then
        perform refuse('announced', 'The next version is announced, and people hear of it. Withdraw it in the console first.');
    end if;
    insert into person (id, ordinal, created_utc)
        values ('00000000-0000-0000-0000-000000000000', nextval('person_ordinal'), now_utc())
        on conflict do nothing;  -- Nobody: the person of entries that concern no person.
    insert into policy_version (number, text, sha256, effective, adopted_utc, adopted_by, compiler, compiled)
        values (p_number, p_text, p_sha256, p_effective, now_utc(), p_by,
                coalesce(p_law ->> 'compiler', ''), coalesce(p_law ->> 'compiled', ''));
    perform law_write(p_number, p_law -> 'purposes', p_law -> 'uses');
    insert into law_collect (version_id, channel, kind, section, sensitivity)
        select p_number, r.channel, r.kind, r.section, r.sensitivity
        from jsonb_to_recordset(p_law -> 'collects') as r (channel text, kind text, section text, sensitivity text);
    perform adopt_kept(p_number, p_law -> 'kept', p_law -> 'places');
    v_entry.person_id := '00000000-0000-0000-0000-000000000000'; v_entry.id := p_entry; v_entry.kind := 'adopted';
    v_entry.version := p_number; v_entry.who := p_by; v_entry.payload := p_more || jsonb_build_object('sha256', p_sha256);
    perform entry_write(v_entry);
end $$;

-- Erase a person: the owner's alone. Key, sealed values, clear values and salts go, and what the person asked for ends (all but
-- the case p_case, which erases the person); the leaves stay.
create or replace function erase(p_person uuid, p_entry uuid, p_who text, p_reason text, p_case uuid default null)
returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_entry entry;
    v_addresses bytea[] := addresses_held(p_person);
begin
    delete from standing where person_id = p_person;
    delete from person_key where person_id = p_person;
    delete from datum where person_id = p_person;
    perform end_in_rooms(p_person, p_case);
    perform end_with_addresses(v_addresses);
    perform spend_links(p_person, 'erased');
    delete from event_time where person_id = p_person;
    v_entry.payload := entries_forget(p_person);
    update person set erased_utc = now_utc() where id = p_person;
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'erased'; v_entry.who := p_who;
    v_entry.reason := p_reason;
    perform entry_write(v_entry);
end $$;

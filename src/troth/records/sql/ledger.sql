-- The ledger's entries: written in the transaction of their fact, queued for the sealer, read back by their person.
-- docs/ledger.md explains the format by worked examples; troth.records.leaves says the same in Python.

-- The leaf commits to every column, in this order, as a JSON array behind a byte 0x00 and the salt.
create or replace function entry_leaf(p entry) returns bytea
language sql stable as $$  -- no stricter than what it calls: only so it is inlined
    select entry_leaf_of(p.salt, p.person_id, p.id, p.kind, p.at_utc, p.purpose, p.section, p.version, p.who, p.reason, p.kinds,
                         p.recipient, p.request, p.payload, p.expires_utc, p.transaction)
$$;

create or replace function entry_leaf_of(
    p_salt bytea, p_person uuid, p_id uuid, p_kind text, p_at timestamptz, p_purpose text, p_section text, p_version integer,
    p_who text, p_reason text, p_kinds text[], p_recipient text, p_request uuid, p_payload jsonb, p_expires timestamptz,
    p_transaction bigint) returns bytea
language sql stable as $$
    select sha256('\x00'::bytea || p_salt || convert_to(json_build_array(
        'troth entry 2', p_person, p_id, p_kind, to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        p_purpose, p_section, p_version, p_who, p_reason, to_jsonb(p_kinds), p_recipient, p_request, p_payload::text,
        to_char(p_expires at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p_transaction)::text, 'UTF8'))
$$;

-- Every entry is made here or below, with all that the caller leaves open. Gives its id, so that it is called by an assignment
-- where it matters: one entry is written for each read and each answer, and to begin a statement takes as long as its leaf.
-- For the same reason nothing of it is computed inside the statement that stores it.
-- Without settings of its own, for all who call it have them, and to enter it so takes as long as to store the entry's leaf.
create or replace function entry_write(p entry) returns uuid language plpgsql as $$
declare
    v_at timestamptz := coalesce(p.at_utc, now_utc());
    v_purpose text := coalesce(p.purpose, '');
    v_section text := coalesce(p.section, '');
    v_version integer := p.version;
    v_reason text := coalesce(p.reason, '');
    v_kinds text[] := coalesce(p.kinds, '{}');
    v_recipient text := coalesce(p.recipient, '');
    v_payload jsonb := coalesce(p.payload, '{}');
    v_transaction bigint := pg_current_xact_id()::text::bigint;
    v_salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    v_leaf bytea;
begin
    if v_version is null then
        v_version := coalesce((select max(number) from policy_version), 0);
    end if;
    v_leaf := entry_leaf_of(v_salt, p.person_id, p.id, p.kind, v_at, v_purpose, v_section, v_version, p.who, v_reason,
                            v_kinds, v_recipient, p.request, v_payload, p.expires_utc, v_transaction);
    insert into entry (person_id, id, kind, at_utc, purpose, section, version, who, reason, kinds, recipient, request,
                       payload, expires_utc, transaction, salt, leaf)
        values (p.person_id, p.id, p.kind, v_at, v_purpose, v_section, v_version, p.who, v_reason, v_kinds, v_recipient,
                p.request, v_payload, p.expires_utc, v_transaction, v_salt, v_leaf);
    insert into entry_queue (person_id, entry_id, leaf) values (p.person_id, p.id, v_leaf);
    return p.id;
end $$;

-- The same of many, by one statement.
create or replace function entry_write_many(p entry[]) returns void
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    with made as materialized (
        select it.person_id, it.id, it.kind, coalesce(it.at_utc, now_utc()) as at_utc, coalesce(it.purpose, '') as purpose,
               coalesce(it.section, '') as section, coalesce(it.version, v.number, 0) as version, it.who,
               coalesce(it.reason, '') as reason, coalesce(it.kinds, '{}') as kinds,
               coalesce(it.recipient, '') as recipient, it.request, coalesce(it.payload, '{}') as payload, it.expires_utc,
               pg_current_xact_id()::text::bigint as transaction,
               uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as salt
        from unnest(p) it, (select max(number) as number from policy_version) v
    ), written as (
        insert into entry (person_id, id, kind, at_utc, purpose, section, version, who, reason, kinds, recipient, request,
                           payload, expires_utc, transaction, salt, leaf)
        select m.person_id, m.id, m.kind, m.at_utc, m.purpose, m.section, m.version, m.who, m.reason, m.kinds, m.recipient,
               m.request, m.payload, m.expires_utc, m.transaction, m.salt,
               entry_leaf_of(m.salt, m.person_id, m.id, m.kind, m.at_utc, m.purpose, m.section, m.version, m.who, m.reason,
                             m.kinds, m.recipient, m.request, m.payload, m.expires_utc, m.transaction)
        from made m
        returning person_id, id, leaf
    )
    insert into entry_queue (person_id, entry_id, leaf) select w.person_id, w.id, w.leaf from written w;
end $$;

-- What an upgrade did as the owner, who alone may call this.
create or replace function entry_of_owner(p_person uuid, p_entry uuid, p_kind text, p_payload jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := p_kind; v_entry.who := 'program:upgrade';
    v_entry.payload := p_payload;
    perform entry_write(v_entry);
end $$;

-- One entry for many people: bit i of chunk n stands for the person whose ordinal is 65536 n + i, as get_bit(bytea, i)
-- counts. The payload names each chunk's SHA-256, so the leaf commits to the chunks too.
create or replace function entry_write_bulk(p entry, p_numbers integer[], p_bitmaps bytea[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if cardinality(p_numbers) is distinct from cardinality(p_bitmaps)
       or exists (select from unnest(p_bitmaps) as it (bitmap) where length(bitmap) is null or length(bitmap) > 8192) then
        perform refuse('wrong chunks', 'A bulk use needs a bitmap of at most 8192 bytes for each number.');
    end if;
    p.person_id := '00000000-0000-0000-0000-000000000000';
    p.payload := coalesce(p.payload, '{}') || (
        select jsonb_build_object('people', coalesce(sum(bit_count(bitmap)), 0), 'chunks',
            coalesce(jsonb_agg(jsonb_build_array(number, encode(sha256(bitmap), 'hex')) order by number), '[]'))
        from unnest(p_numbers, p_bitmaps) as it (number, bitmap));
    perform entry_write(p);
    insert into entry_chunk (person_id, entry_id, number, bitmap)
        select p.person_id, p.id, it.number, it.bitmap from unnest(p_numbers, p_bitmaps) as it (number, bitmap);
end $$;

-- The same for those whom a selection of the same purpose gave, which its entry names already. p_people: how many the caller
-- believes them to be.
create or replace function entry_write_selected(p entry, p_selected uuid, p_people bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_named jsonb;
begin
    p.person_id := '00000000-0000-0000-0000-000000000000';
    select jsonb_build_object('people', e.payload -> 'people', 'chunks', e.payload -> 'chunks') into v_named
        from entry e where (e.person_id, e.id, e.kind, e.purpose) = (p.person_id, p_selected, 'selected', p.purpose);
    if v_named is null or (v_named ->> 'people')::bigint is distinct from p_people then
        perform refuse('another selection', 'No selection of this purpose gave these people.');
    end if;
    p.payload := coalesce(p.payload, '{}') || v_named;
    perform entry_write(p);
    insert into entry_chunk (person_id, entry_id, number, bitmap)
        select p.person_id, p.id, c.number, c.bitmap from entry_chunk c
        where c.person_id = p.person_id and c.entry_id = p_selected;
end $$;

-- The entries of bulk uses that this person was among, newest first. The byte is read without the rest of its chunk.
create or replace function bulk_uses_of(p_person uuid) returns setof entry
language sql stable security definer set search_path = public, pg_temp as $$
    select e from person p
    join entry_chunk c on c.number = p.ordinal / 65536
    join entry e on e.person_id = c.person_id and e.id = c.entry_id
    where p.id = p_person and (p.ordinal % 65536) / 8 < length(c.bitmap)
      and get_byte(substring(c.bitmap from ((p.ordinal % 65536) / 8)::integer + 1 for 1), 0)
          & (1 << (p.ordinal % 8)::integer) <> 0
    order by e.at_utc desc, e.id desc
$$;

-- Facts that carry no value and need no grant, e.g. that an email went out or a request was finished.
create or replace function note(
    p_person uuid, p_entry uuid, p_kind text, p_purpose text, p_who text, p_reason text, p_request uuid,
    p_payload jsonb, p_session text default null) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    perform acts(p_who, p_session);
    if p_who = 'program:answers' then  -- as in `case_step`: the ledger names who ordered it
        p_who := case_ordered(p_request, 'closing', p_who);
    end if;
    -- A room's own kinds carry its name, "support/helped": none of them can pass for a fact of the house.
    if p_kind not in ('notified', 'held back', 'not delivered', 'requested', 'answered', 'signed in')
        and p_kind !~ '^[a-z]+/[a-z ]+$' then
        perform refuse('not a note', 'Entries of this kind are written with their fact.');
    end if;
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := p_kind; v_entry.purpose := p_purpose;
    v_entry.section := (select l.section from law_purpose l
                        where l.version_id = law_current() and l.purpose = p_purpose);
    v_entry.who := p_who; v_entry.reason := p_reason; v_entry.request := p_request; v_entry.payload := p_payload;
    perform entry_write(v_entry);
    if p_kind = 'signed in' and p_who = 'person' then
        perform contact(p_person, now_utc());
    elsif p_kind = 'answered' and p_request is not null then
        perform event_put(p_person, 'request', p_request, now_utc());
    end if;
end $$;

-- Requests of which an order forbids telling the person: until that day, no history and no copy
-- shows what was done for them. The entries are in the ledger all the same.
create or replace function secret_requests() returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(c.id), '{}') from request_case c
    where c.facts ->> 'secret_until' is not null and (c.facts ->> 'secret_until')::timestamptz > now_utc()
$$;

-- All entries of a person that they may see, or all of one request.
create or replace function history(p_person uuid, p_request uuid default null) returns setof entry
language sql stable security definer set search_path = public, pg_temp as $$
    select e from entry e where e.person_id = p_person and case when p_request is not null then e.request = p_request
        else e.request is null or e.request <> all ((select secret_requests())::uuid[]) end
    order by e.at_utc desc, e.id desc
$$;

-- What pages choose entries by, of one person. The index entry_by_time has where, when, `alike` and the request, so that of ten
-- thousand entries none is read by who needs only those. Without settings of its own, as all that a history asks more than
-- once, so that it becomes part of the functions that ask it.
create or replace function past_own(p_person uuid)
returns table (person_id uuid, id uuid, at_utc timestamptz, alike bigint, request uuid, kind text, purpose text, kinds text[])
language sql stable as $$
    select e.person_id, e.id, e.at_utc, e.alike, e.request, e.kind, e.purpose, e.kinds
    from public.entry e where e.person_id = p_person
      and (e.request is null or e.request <> all ((select public.secret_requests())::uuid[]))
$$;

-- The uses of many people that these, who are one reader, were among: each is one entry, however many of them it included.
create or replace function past_bulk(p_people uuid[])
returns table (person_id uuid, id uuid, at_utc timestamptz, alike bigint, request uuid, kind text, purpose text, kinds text[])
language sql stable as $$
    select distinct on (u.person_id, u.id) u.person_id, u.id, u.at_utc, u.alike, u.request, u.kind, u.purpose, u.kinds
    from unnest(p_people) as one (person) cross join lateral public.bulk_uses_of(one.person) u
$$;

-- Whether an entry is in one of these lines of the outline, of this request, and of this time; what is null asks for all.
create or replace function past_fits(
    p_alike bigint, p_request uuid, p_at timestamptz, p_lines bigint[], p_cause uuid, p_since timestamptz,
    p_until timestamptz) returns boolean
language sql immutable as $$
    select (p_lines is null or p_alike = any (p_lines)) and (p_cause is null or p_request = p_cause)
       and p_at >= coalesce(p_since, '-infinity') and p_at < coalesce(p_until, 'infinity')
$$;

create or replace function past_count(
    p_people uuid[], p_lines bigint[], p_cause uuid, p_since timestamptz, p_until timestamptz) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(sum(own.entries), 0)::bigint + (
        select count(*) from past_bulk(p_people) b
        where past_fits(b.alike, b.request, b.at_utc, p_lines, p_cause, p_since, p_until))
    from unnest(p_people) as one (person) cross join lateral (
        select count(*) as entries from past_own(one.person) o
        where past_fits(o.alike, o.request, o.at_utc, p_lines, p_cause, p_since, p_until)
    ) own
$$;

-- Some of those that fit, the newest first. Of each person no more are looked up than could be among them.
create or replace function past_page(
    p_people uuid[], p_lines bigint[], p_cause uuid, p_since timestamptz, p_until timestamptz, p_first bigint,
    p_most bigint) returns setof entry
language sql stable security definer set search_path = public, pg_temp as $$
    select e from (
        select own.person_id, own.id, own.at_utc from unnest(p_people) as one (person) cross join lateral (
            select o.person_id, o.id, o.at_utc from past_own(one.person) o
            where past_fits(o.alike, o.request, o.at_utc, p_lines, p_cause, p_since, p_until)
            order by o.at_utc desc, o.id desc limit p_first + p_most
        ) own
        union all
        select b.person_id, b.id, b.at_utc from past_bulk(p_people) b
        where past_fits(b.alike, b.request, b.at_utc, p_lines, p_cause, p_since, p_until)
        order by at_utc desc, id desc offset p_first limit p_most
    ) w join entry e on e.person_id = w.person_id and e.id = w.id
    order by w.at_utc desc, w.id desc
$$;

-- What occurs in a history, without its entries: those that are alike in one row, which says what the first of them says.
-- `giver`: who gave what such entries name, so that no entry of another one of them says that its person did.
create or replace function past_outline(p_people uuid[])
returns table (alike bigint, kind text, giver uuid, section text, purpose text, version integer, data text[],
               entries bigint, first_utc timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select l.alike, e.kind, case when e.kind = 'collected' and e.who = 'person' then l.person_id end, e.section, e.purpose,
           e.version, e.kinds, sum(l.entries)::bigint, min(l.first_utc)
    from (
        select one.person as person_id, own.alike, own.entries, own.first_utc
        from unnest(p_people) as one (person) cross join lateral (
            select o.alike, count(*) as entries, min(o.at_utc) as first_utc from past_own(one.person) o group by o.alike
        ) own
        union all
        select b.person_id, b.alike, count(*), min(b.at_utc) from past_bulk(p_people) b group by b.person_id, b.alike
    ) l cross join lateral (
        select f.kind, f.who, f.section, f.purpose, f.version, f.kinds from entry f
        where f.person_id = l.person_id and f.at_utc = l.first_utc and f.alike = l.alike limit 1
    ) e
    group by 1, 2, 3, 4, 5, 6, 7
$$;

-- Forget what a person's entries say: salt, payload and reason go, the leaves stay. Gives the payload of the `erased`
-- entry: how many entries are without salt now, and a digest of what is left of them, so that nobody changes that.
create or replace function entries_forget(p_person uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
begin
    update entry set salt = null, payload = '{}', reason = '' where person_id = p_person and kind <> 'erased';
    return (select jsonb_build_object('entries', count(*), 'left', encode(sha256(coalesce(
                string_agg(entry_left(e), ''::bytea order by e.id), '')), 'hex'))
            from entry e where e.person_id = p_person and e.salt is null);
end $$;

create or replace function entry_left(p entry) returns bytea
language sql immutable set search_path = public, pg_temp as $$
    select sha256(convert_to(jsonb_build_array(
        'troth erased 1', p.person_id, p.id, p.kind, to_char(p.at_utc at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        p.purpose, p.section, p.version, p.who, to_jsonb(p.kinds), p.recipient, p.request,
        to_char(p.expires_utc at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p.transaction,
        encode(p.leaf, 'hex'))::text, 'UTF8'))
$$;

-- What the sealer refused to do, as an entry of Nobody. Beside it the sealer's role may ask the clock's two functions.
create or replace function sealer_note(p_entry uuid, p_code text, p_sentence text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    insert into person (id, ordinal, created_utc)
        values ('00000000-0000-0000-0000-000000000000', nextval('person_ordinal'), now_utc())
        on conflict do nothing;
    v_entry.person_id := '00000000-0000-0000-0000-000000000000'; v_entry.id := p_entry; v_entry.kind := 'refused';
    v_entry.who := 'program:sealer'; v_entry.reason := left(p_sentence, 500);
    v_entry.payload := jsonb_build_object('code', left(p_code, 40));
    perform entry_write(v_entry);
end $$;

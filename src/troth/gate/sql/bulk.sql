-- Uses of many people at once: one entry of Nobody with a bitmap of their ordinals, and reading by it, a range at a time.

-- Gives the code that refused, or an empty text. The entry is written either way. Whom it is about is given as bitmaps, or by
-- the entry of the selection that gave these people: its bitmaps are here already, and so are their hashes.
create or replace function grant_selection(
    p_grant uuid, p_key bytea, p_purpose text, p_kinds text[], p_numbers integer[], p_bitmaps bytea[], p_who text,
    p_reason text, p_lasting interval, p_session text default null, p_topic text default '', p_selected uuid default null,
    p_people bigint default null) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_now timestamptz := now_utc();
    v_rule law_purpose;
    v_code text := '';
begin
    perform acts(p_who, p_session);
    perform refuse_snapshot();
    select * into v_rule from law_purpose l where l.version_id = law_current() and l.purpose = p_purpose;
    v_code := case when v_rule.purpose is null then 'unknown purpose'
                   when not p_kinds <@ v_rule.kinds then 'kind not stated'
                   when p_topic <> '' and not (p_topic = any (v_rule.topics) or '*' = any (v_rule.topics))
                       then 'topic not stated'
                   when clock_backward(clock_timestamp()) then 'clock backward' else '' end;
    v_entry.person_id := '00000000-0000-0000-0000-000000000000'; v_entry.id := p_grant; v_entry.at_utc := v_now;
    v_entry.purpose := p_purpose; v_entry.section := v_rule.section; v_entry.who := p_who; v_entry.reason := p_reason;
    v_entry.kinds := p_kinds;
    if v_code <> '' then
        v_entry.kind := 'refused'; v_entry.payload := jsonb_build_object('code', v_code) || topic_said(p_topic);
        perform entry_write(v_entry);
        return v_code;
    end if;
    v_entry.kind := 'used'; v_entry.expires_utc := v_now + least(p_lasting, interval '1 hour');
    v_entry.payload := jsonb_build_object('key', encode(p_key, 'hex')) || topic_said(p_topic);
    if p_selected is null then
        perform entry_write_bulk(v_entry, p_numbers, p_bitmaps);
    else
        perform entry_write_selected(v_entry, p_selected, p_people);
    end if;
    return '';
end $$;

-- Where these people stand in bitmaps, for a use of just them; who they are, the caller knows already.
create or replace function ordinals_of(p_people uuid[]) returns table (ordinals bytea, people bytea)
language sql stable security definer set search_path = public, pg_temp as $$
    select string_agg(int4send(it.ordinal), null), string_agg(uuid_send(it.person_id), null)
    from (select s.ordinal, s.person_id from standing s where s.person_id = any (p_people) order by s.ordinal) it
$$;

-- What the law gives now of those whom the grants' bitmaps name, for ordinals from p_from up to and without p_to. A grant is
-- named with each of its ranges. What is looked for is written once for all grants that ask alike: planning it takes longer
-- than finding a page of people. p_data: these data alone, of what the grants open.
create or replace function read_selected(
    p_grants uuid[], p_tokens bytea[], p_from integer[], p_to integer[], p_data uuid[] default null)
returns table (opened uuid, person uuid, datum uuid, kind text, sealed bytea, clear text, wrapped bytea)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    v_alike record;
    v_rule law_purpose;
    v_data text;
    v_grants uuid[];
    v_ordinals bigint[];
begin
    for v_alike in
        select g.purpose, g.kinds, topic_of(g) as topic, array_agg(g.id) as grants
        from (select distinct n.id, n.token from unnest(p_grants, p_tokens) n (id, token)) a,
            grant_open('00000000-0000-0000-0000-000000000000', a.id, a.token) g
        group by 1, 2, 3
    loop
        select * into v_rule from law_purpose l where l.version_id = law_current() and l.purpose = v_alike.purpose;
        continue when v_rule.purpose is null;
        select string_agg(format('(%s)', law_datum_text(v_rule, it)), ' or ') into v_data
        from unnest(v_alike.kinds) it where it = any (v_rule.kinds);
        select array_agg(a.id), array_agg(o) into v_grants, v_ordinals
        from unnest(p_grants, p_from, p_to) a (id, start, stop)
        join entry_chunk c on c.person_id = '00000000-0000-0000-0000-000000000000' and c.entry_id = a.id,
        lateral (select c.number * 65536::bigint as first, length(c.bitmap) * 8 as bits) t,
        lateral generate_series(greatest(a.start, t.first), least(a.stop, t.first + t.bits) - 1) o
        where a.id = any (v_alike.grants) and get_bit(c.bitmap, o % 65536) = 1;
        return query execute format(
            'select n.id, s.person_id, d.id, d.kind, d.sealed, d.clear, w.wrapped from unnest($2, $3) n (id, ordinal)'
            ' join person p on p.ordinal = n.ordinal'
            ' join standing s on s.person_id = p.id'
            ' join standing_class k on k.id = s.class_id'
            ' join datum d on d.person_id = s.person_id'
            ' left join person_key w on w.person_id = s.person_id'
            ' where %s and (%s)%s order by n.id, n.ordinal, d.id',
            law_person_text(v_rule) || law_topic_text(v_rule, v_alike.topic), coalesce(v_data, 'false'),
            case when p_data is null then '' else ' and d.id = any ($4)' end)
            using now_utc(), v_grants, v_ordinals, p_data;
    end loop;
end $$;

-- What a person's own pages ask: who else wrote under the address, what is held piece by piece, what is removed or
-- corrected, and the signal that a browser sent.

-- The address to which a person's emails go, by its index: the latest one. What came before proves nothing any longer.
create or replace function present_index(p_person uuid) returns bytea
language sql stable set search_path = public, pg_temp as $$
    select d.blind_index from datum d
    where d.person_id = p_person and d.kind = 'email' and d.removed_utc is null
    order by d.collected_utc desc, d.id desc limit 1
$$;

-- Whose present address this is.
create or replace function people_present(p_index bytea) returns setof uuid
language sql stable set search_path = public, pg_temp as $$
    -- Once a person, however often they gave it: else the time of a form would tell that its address is known.
    with gave as materialized (
        select distinct d.person_id from datum d
        where d.kind = 'email' and d.blind_index = p_index and d.removed_utc is null)
    -- As present_index, which can't be inlined: called for each of them it takes four times as long.
    select g.person_id from gave g where p_index = (
        select d.blind_index from datum d
        where d.person_id = g.person_id and d.kind = 'email' and d.removed_utc is null
        order by d.collected_utc desc, d.id desc limit 1)
$$;

-- Everybody whose emails go to the same address as this person's; this person comes first in any case.
create or replace function people_of(p_person uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select p_person union select people_present(present_index(p_person))
$$;

-- Whose present address this is, newest first: for staff who were asked by somebody of that address. No browsing.
create or replace function people_at(p_index bytea, p_most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select d.person_id from datum d
    where d.kind = 'email' and d.blind_index = p_index and d.removed_utc is null and present_index(d.person_id) = p_index
    group by d.person_id order by max(d.collected_utc) desc, d.person_id limit p_most
$$;

-- Whether this is the person's present address: for who knows the person. Few data are looked at, however many gave it.
create or replace function has_address(p_person uuid, p_index bytea) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(present_index(p_person) = p_index, false)
$$;

-- Every datum, or some of them, with its provenance and without its value.
create or replace function pieces_of(p_person uuid, p_data uuid[] default null)
returns table (id uuid, kind text, channel text, version integer, way text, evidence text, collected_utc timestamptz,
               kept_until_utc timestamptz, request uuid, purposes text[], untils timestamptz[])
language sql stable security definer set search_path = public, pg_temp as $$
    select d.id, d.kind, d.channel, d.version, d.way, d.evidence, d.collected_utc, datum_until(d, (select reckoned_to())),
           d.request, e.purposes, e.untils
    from datum d cross join lateral use_ends(d) e
    where d.person_id = p_person and d.removed_utc is null and (p_data is null or d.id = any (p_data))
      -- Of the person first, in a query of its own: asked of each of 500 data, it takes most of this function's time.
      and not ((select hold_is_secret(p_person)) and is_kept_for_law(d, now_utc()))
    order by d.id
$$;

-- The newest of each kind, one of a request before all others; `p_only`: of what this request gave.
create or replace function newest_of(p_person uuid, p_cause uuid, p_only uuid)
returns table (id uuid, kind text, channel text, version integer, way text, evidence text, collected_utc timestamptz,
               kept_until_utc timestamptz, request uuid, purposes text[], untils timestamptz[])
language sql stable security definer set search_path = public, pg_temp as $$
    select distinct on (d.kind) d.id, d.kind, d.channel, d.version, d.way, d.evidence, d.collected_utc,
           datum_until(d, (select reckoned_to())), d.request, e.purposes, e.untils
    from datum d cross join lateral use_ends(d) e
    where d.person_id = p_person and d.removed_utc is null and (p_only is null or d.request = p_only)
    order by d.kind, coalesce(d.request = p_cause, false) desc, d.id desc
$$;

-- What some of them were used or given out for since they came, with the uses of many people; `p_but`: apart from this
-- purpose. A datum of one request is not used by what happened for another.
create or replace function uses_of_data(p_person uuid, p_data uuid[], p_but text)
returns table (datum uuid, purpose text, times bigint, last_utc timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    with used as materialized (
        select k as kind, e.purpose, e.request, e.at_utc from (
            select o.kind, o.purpose, o.kinds, o.request, o.at_utc from past_own(p_person) o
            union all
            select b.kind, b.purpose, b.kinds, b.request, b.at_utc from past_bulk(array[p_person]) b
        ) e, unnest(e.kinds) k
        where e.kind in ('used', 'disclosed') and e.purpose <> p_but
    )
    select d.id, u.purpose, count(*), max(u.at_utc)
    from datum d join used u on u.kind = d.kind and u.at_utc >= d.collected_utc
        and (u.request is null or d.request is null or u.request = d.request)
    where d.person_id = p_person and d.id = any (p_data)
    group by d.id, u.purpose order by max(u.at_utc) desc
$$;

-- As read_granted, of some of the data and with each datum's id, so that a value can be shown beside where it came from.
create or replace function read_pieces(p_person uuid, p_grant uuid, p_token bytea, p_data uuid[] default null)
returns table (id uuid, kind text, sealed bytea, clear text, wrapped bytea)
language plpgsql volatile security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_grant entry := grant_open(p_person, p_grant, p_token);
    v_now timestamptz := now_utc();
    v_reckoned uuid := reckoned_to();
    v_timed text := law_timed(v_grant.purpose);
begin
    if v_grant.payload ? 'topic' and law_topic_code(p_person, v_grant.purpose, topic_of(v_grant)) <> '' then
        return;  -- turned off since
    end if;
    return query
    with l as materialized (
        select it.kind, it.channel, it.version from law_decide(p_person, v_grant.purpose, v_now) it
        where it.code in ('stated', 'answered'))
    select d.id, d.kind, d.sealed, d.clear, k.wrapped
    from l join datum d on d.person_id = p_person and (d.kind, d.channel, d.version) = (l.kind, l.channel, l.version)
    left join person_key k on k.person_id = p_person
    where (p_data is null or d.id = any (p_data)) and d.kind = any (v_grant.kinds) and d.removed_utc is null
      and datum_open(d, v_timed, v_reckoned, v_now)
    order by d.id;
end $$;

-- Take one datum away, because the person removed it or because a correction stands in its place. p_kind: 'removed' or
-- 'corrected'. The value is deleted; the entry says which kind it was and whence it had come.
create or replace function let_go_of(
    p_person uuid, p_datum uuid, p_entry uuid, p_kind text, p_way text, p_who text, p_session text default null)
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_gone datum;
    v_entry entry;
begin
    if p_kind not in ('removed', 'corrected') then
        perform refuse('not a correction', 'A value can only be removed or corrected.');
    end if;
    perform acts(p_who, p_session);
    select * into v_gone from datum d
        where d.person_id = p_person and d.id = p_datum and d.removed_utc is null for update;
    if take_data(p_person, array[v_gone.id]) is null then
        perform refuse('not held', 'This value is no longer held.');
    end if;
    perform settle_data(array[p_person], now_utc());
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := p_kind; v_entry.who := p_who;
    v_entry.kinds := array[v_gone.kind]; v_entry.request := v_gone.request;
    v_entry.section := coalesce((select c.section from law_collect c where c.version_id = law_current()
                                 and c.channel = v_gone.channel and c.kind = v_gone.kind), '');
    v_entry.payload := jsonb_build_object('channel', v_gone.channel, 'way', p_way, 'version', v_gone.version,
                                          'datum', p_datum);
    perform entry_write(v_entry);
end $$;

-- That a person's browser asks not to sell or share their data: once a person, however often it says so. True if it is new.
create or replace function note_signal(p_person uuid, p_entry uuid, p_section text, p_way text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    perform from standing s where s.person_id = p_person for update;
    if not found or exists (select from entry e where e.person_id = p_person and e.kind = 'signal') then
        return false;
    end if;
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'signal'; v_entry.who := 'person';
    v_entry.section := p_section; v_entry.payload := jsonb_build_object('signal', 'gpc', 'way', p_way);
    perform entry_write(v_entry);
    return true;
end $$;

-- A no belongs to the address: whoever writes under it again, in whichever form, has said it already. A yes is not taken
-- along, for a stranger may have typed the address. It applies since it was said: the entry alone is of today.
create or replace function inherit_answers(p_person uuid) returns void
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_index bytea := present_index(p_person);
    v_said record;
    v_entry entry;
begin
    -- Who answered anything is looked for first: of an address that many gave, few did, and the time of a form shall not tell
    -- that its address is known.
    for v_said in
        with gave as materialized (
            select distinct d.person_id from datum d
            where d.kind = 'email' and d.blind_index = v_index and d.removed_utc is null and d.person_id <> p_person
        ), answered as materialized (
            select c.person_id, c.question, c.version, c.yes, c.chosen_utc, c.id
            from gave g join choice c on c.person_id = g.person_id
        ), present as materialized (
            select a.person_id from (select distinct it.person_id from answered it) a
            where present_index(a.person_id) = v_index
        )
        select latest.question, latest.version, latest.chosen_utc from (
            select distinct on (a.question) a.question, a.version, a.yes, a.chosen_utc
            from answered a join present p on p.person_id = a.person_id
            order by a.question, a.chosen_utc desc, a.id desc) latest
        where not latest.yes
          and not exists (select from choice own where own.person_id = p_person and own.question = latest.question)
    loop
        v_entry := null;
        v_entry.person_id := p_person; v_entry.id := gen_random_uuid(); v_entry.kind := 'chose';
        v_entry.version := v_said.version; v_entry.purpose := question_purpose(v_said.question);
        v_entry.section := (select l.section from law_purpose l where l.version_id = v_said.version
                            and l.purpose = question_purpose(v_said.question));
        v_entry.who := 'program:choices';
        v_entry.payload := jsonb_build_object('question', v_said.question, 'yes', false, 'way', 'same address');
        insert into choice (person_id, id, question, version, yes, way, chosen_utc)
            values (p_person, v_entry.id, v_said.question, v_said.version, false, 'same address', v_said.chosen_utc);
        perform entry_write(v_entry);
        perform settle_answers(p_person);
    end loop;
end $$;

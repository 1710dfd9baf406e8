-- Which classes a purpose may reach by a kind, as far as that was worked out: `law_reach`. A class never changes, nor does its
-- cohort or an adopted version, so a selection asks about the classes after the last one that is known. Only selections that
-- write their entry keep what they worked out; counts and drafts read it. Each start empties the table, as `law_answer`.

-- The bits of so many classes, each where get_bit looks for it.
create or replace function law_bits(p_classes integer[]) returns bytea
language sql immutable set search_path = public, pg_temp as $$
    select string_agg(int8send(coalesce(h.bits, 0)), ''::bytea order by g.word)
    from generate_series(0, (select max(o) from unnest(p_classes) o) / 64) g (word)
    left join bitmap_words(p_classes) h on h.word = g.word
$$;

-- The same with room for the bit of p_last: to look beyond the end is an error.
create or replace function bits_until(p_bits bytea, p_last integer) returns bytea
language sql immutable set search_path = public, pg_temp as $$
    select p_bits || decode(repeat('00', greatest(0, p_last / 8 + 1 - length(p_bits))), 'hex')
$$;

-- The classes of a range that the purpose may reach by this kind. With memory for the hashes of some millions of cohorts: with
-- less than they need, each class would be looked for among all of them.
create or replace function law_classes(
    p_rule law_purpose, p_kind text, p_regions text[], p_after integer, p_until integer) returns integer[]
language plpgsql stable set search_path = public, pg_temp set work_mem = '64MB' as $$
declare
    v_text text := law_classes_text(p_rule, p_kind, p_regions, p_after, p_until);
    v_classes integer[];
begin
    if v_text is not null then
        execute format('select array_agg(it.id) from (%s) it', v_text) into v_classes;
    end if;
    return coalesce(v_classes, '{}');
end $$;

-- What is kept, and with it the classes up to this one, or all that there are.
create or replace function law_reach_to(
    p_rule law_purpose, p_kind text, p_regions text[], p_until integer default 2147483647) returns law_reach
language plpgsql stable set search_path = public, pg_temp as $$
declare
    v_reach law_reach;
    v_more integer[];
    v_class integer;
begin
    select * into v_reach from law_reach r
        where (r.version, r.purpose, r.kind, r.choice) = (p_rule.version_id, p_rule.purpose, p_kind, p_rule.choice);
    v_more := law_classes(p_rule, p_kind, p_regions, coalesce(v_reach.until, 0), p_until);
    v_reach.version := p_rule.version_id; v_reach.purpose := p_rule.purpose; v_reach.kind := p_kind;
    v_reach.choice := p_rule.choice; v_reach.until := p_until;
    if v_reach.bits is null then
        v_reach.classes := coalesce(v_reach.classes, '{}') || v_more;
        if cardinality(v_reach.classes) > 4096 then
            v_reach.bits := law_bits(v_reach.classes);
            v_reach.classes := '{}';
        end if;
    elsif v_more <> '{}' then
        v_reach.bits := bits_until(v_reach.bits, (select max(it) from unnest(v_more) it));
        foreach v_class in array v_more loop
            v_reach.bits := set_bit(v_reach.bits, v_class, 1);
        end loop;
    end if;
    return v_reach;
end $$;

-- The last class, where none before it can come any more: a number is taken before its row is seen. Null while someone adds
-- one. Who adds the next waits for no more than this look, for the lock goes with the block.
create or replace function last_class() returns integer
language plpgsql set search_path = public, pg_temp as $$
declare
    v_last integer;
begin
    lock table standing_class in share mode nowait;
    v_last := (select max(k.id) from standing_class k);
    raise exception 'seen' using errcode = 'TR001';
exception
    when sqlstate 'TR001' then
        return v_last;
    when lock_not_available then
        return null;
end $$;

-- Keep what the law says of the classes that there are, where many came since that was kept: of few it is as soon worked out.
-- Nobody waits for another who does the same. A transaction that looks by one snapshot may miss a class that came since.
create or replace function law_reach_keep(p_purpose text, p_kind text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_rule law_purpose;
    v_each record;
    v_known integer;
    v_last integer := (select max(k.id) from standing_class k);
begin
    select * into v_rule from law_purpose l
        where l.version_id = law_current() and l.purpose = p_purpose and p_kind = any (l.kinds);
    if not found or coalesce(v_last, 0) < 1000 or current_setting('transaction_isolation') <> 'read committed' then
        return;
    end if;
    for v_each in select it.rule, it.regions from law_by_choice(v_rule) it loop
        v_known := (select r.until from law_reach r where (r.version, r.purpose, r.kind, r.choice)
                    = ((v_each.rule).version_id, p_purpose, p_kind, (v_each.rule).choice));
        continue when v_last < v_known + 1000;
        exit when not pg_try_advisory_xact_lock(hashtext('law_reach'), hashtext(p_purpose || ' ' || p_kind));
        v_last := last_class();
        exit when v_last is null;
        insert into law_reach (version, purpose, kind, choice, until, classes, bits)
            select m.version, m.purpose, m.kind, m.choice, m.until, m.classes, m.bits
            from law_reach_to(v_each.rule, p_kind, v_each.regions, v_last) m
            on conflict (version, purpose, kind, choice) do update
                set until = excluded.until, classes = excluded.classes, bits = excluded.bits;
    end loop;
end $$;

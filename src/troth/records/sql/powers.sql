-- Who acts, when, and in which form. The application's role calls all functions that are open to it, so what it says of
-- itself is believed only as far as it can be checked. docs/taken-over.md says what that comes to.
--
--   staff:x     the token of a living session that x opened with the password: `staff_knows` made its seat
--   program:x   the program by itself: believed
--   person      somebody at a form, by a mailed link or in an account: believed, for the process derives their secrets
--   colleague:x an administrator of a customer's organization; agent:x, an authorized agent: believed

-- The member of staff whose seat this token opens now, or nobody. A seat needs its session, so signing out ends it.
create or replace function staff_of(p_session text) returns "user"
language sql stable security definer set search_path = public, pg_temp as $$
    select u from staff_seat t
    join session s on s.session_key = t.session_key and s.user_id = t.user_id and s.expire_date > now_utc()
    join "user" u on u.id = t.user_id and u.is_active and u.role <> ''
    where t.session_key = session_hash(p_session) and t.until_utc > now_utc()
$$;

create or replace function session_hash(p_session text) returns text
language sql immutable set search_path = public, pg_temp as $$
    select encode(sha256(convert_to(p_session, 'UTF8')), 'hex')
$$;

-- Gives p_who, if it may say so. With p_roles only staff of these roles may.
create or replace function acts(p_who text, p_session text, p_roles text[] default null) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    v_staff "user";
begin
    if p_who like 'staff:%' then
        v_staff := staff_of(p_session);
        if 'staff:' || v_staff.username is distinct from p_who then
            perform refuse('not signed in', 'This sign-in has ended. Sign in again.');
        elsif p_roles is not null and not v_staff.role = any (p_roles) then
            perform refuse('not staff', 'Only privacy staff and administrators may do this.');
        end if;
    elsif p_roles is not null then
        perform refuse('not staff', 'Only privacy staff and administrators may do this.');
    elsif coalesce(p_who <> all ('{person,colleague}') and p_who not like all ('{program:_%,agent:_%,colleague:_%}'), true) then
        perform refuse('unknown who', 'Nobody acts as %(who)s.', jsonb_build_object('who', coalesce(p_who, 'nobody')));
    end if;
    return p_who;
end $$;

-- Nothing is dated in the future, but for what two clocks differ by, and in the past only as far as a request lasts; longer
-- ago, with what proves it, such as a letter by post, and never more than a year.
create or replace function refuse_dated(p_at timestamptz, p_evidence text) returns void
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if p_at is null or p_at > now_utc() + interval '1 minute' then
        perform refuse('time to come', 'A date is in the future. Check whether the clock is right.');
    elsif p_at < now_utc() - (case coalesce(p_evidence, '') when '' then interval '1 hour' else interval '367 days' end) then
        perform refuse('long past', 'A date in the past needs evidence, and can’t be more than a year ago.');
    end if;
end $$;

-- The moment that a caller gave, if it is within the last hour; else now. For what is done at this moment anyway.
create or replace function dated(p_at timestamptz) returns timestamptz
language sql volatile set search_path = public, pg_temp as $$
    select case when p_at between now_utc() - interval '1 hour' and now_utc() then p_at else now_utc() end
$$;

-- What the policy calls identifying or sensitive comes sealed (0x01, nonce, ciphertext, tag), what describes comes in clear.
create or replace function refuse_unsealed(
    p_kinds text[], p_sealed bytea[], p_clear text[], p_channel text, p_version integer) returns void
language plpgsql stable set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_wrong text;
begin
    select string_agg(it.kind, ', ') into v_wrong
    from unnest(p_kinds, p_sealed, p_clear) it (kind, sealed, clear)
    join law_collect c on (c.version_id, c.channel, c.kind) = (p_version, p_channel, it.kind)
    where case c.sensitivity when 'describing' then it.sealed is not null or it.clear is null
               else it.clear is not null or it.sealed is null or length(it.sealed) < 29
                    or substr(it.sealed, 1, 1) <> '\x01' end;
    if v_wrong is not null then
        perform refuse('not sealed', 'The policy wants another form of %(kinds)s: what identifies is encrypted, what describes is not.',
                       jsonb_build_object('kinds', v_wrong));
    end if;
end $$;

-- A snapshot that is older than a no would read after it, and one that is older than a mark would leave it behind: reading and
-- deleting take a new one with each statement, or nothing.
create or replace function refuse_snapshot() returns void
language plpgsql stable set search_path = public, pg_temp as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        perform refuse('old snapshot', 'Data is read and deleted in transactions that see what was committed meanwhile:'
                       ' READ COMMITTED.');
    end if;
end $$;

-- Whether the proof, computed from the password that was typed, is that of this member of staff; with a token, its session
-- has a seat from now on. The database keeps the proof's hash where only the owner reads it, so that nobody makes a seat
-- who does not have the password.
create or replace function staff_knows(p_username text, p_proof bytea, p_session text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_user bigint := (
        select u.id from "user" u join staff_secret k on k.user_id = u.id
        where u.username = p_username and u.is_active and u.role <> '' and k.verifier = sha256(p_proof));
begin
    if v_user is not null and p_session is not null then
        delete from staff_seat where until_utc < now_utc();
        insert into staff_seat (session_key, user_id, until_utc)
            values (session_hash(p_session), v_user, now_utc() + interval '8 hours')
            on conflict (session_key) do update set user_id = excluded.user_id, until_utc = excluded.until_utc;
        update "user" set last_login = now_utc() where id = v_user;
    end if;
    return v_user is not null;
end $$;

-- The seat moves with its session to a new token, as after the second factor. Its end stays. True if there was one.
create or replace function staff_move(p_from text, p_to text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update staff_seat set session_key = session_hash(p_to)
    where session_key = session_hash(p_from) and until_utc > now_utc();
    return found;
end $$;

-- A new password for whoever has the present one. p_password: how the proof is computed from it; p_verifier: its hash.
create or replace function staff_password(
    p_username text, p_proof bytea, p_password text, p_verifier bytea) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not staff_knows(p_username, p_proof, null) or length(p_verifier) <> 32 then
        return false;
    end if;
    update "user" set password = p_password, password_utc = now_utc() where username = p_username;
    perform spend_proofs(u.id, 'password') from "user" u where u.username = p_username;
    update staff_secret k set verifier = p_verifier from "user" u where u.id = k.user_id and u.username = p_username;
    return true;
end $$;

-- Nobody signs in by this account any more, and its sessions end. By a colleague who is signed in, never by the program.
create or replace function staff_close(p_username text, p_who text, p_session text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform acts(p_who, p_session, array['privacy', 'admin']);
    return staff_closed(p_username);
end $$;

-- The same for the owner alone, who needs nobody's sign-in: part of `troth staff close`. Gives how many sessions ended.
create or replace function staff_closed(p_username text) returns integer
language plpgsql set search_path = public, pg_temp as $$
declare
    v_user bigint;
    v_role text;
    v_ended integer;
begin
    perform from "user" u where u.role = 'admin' order by u.id for update;  -- two who close each other do not both succeed
    select u.id, u.role into v_user, v_role from "user" u where u.username = p_username and u.role <> '' for update;
    if v_user is null then
        perform refuse('no staff', 'No staff account is named %(name)s. See: troth staff list',
                       jsonb_build_object('name', p_username));
    elsif v_role = 'admin' and not exists (
        select from "user" u where u.role = 'admin' and u.is_active and u.id <> v_user) then
        perform refuse('last administrator', '%(name)s is the last administrator. Add another one first.',
                       jsonb_build_object('name', p_username));
    end if;
    update "user" set is_active = false where id = v_user;
    perform spend_proofs(v_user, 'closed');
    delete from staff_seat where user_id = v_user;
    delete from session where user_id = v_user;
    get diagnostics v_ended = row_count;
    return v_ended;
end $$;

-- What was done at the console and the terminal is kept as long as the log of requests, 24 months, and then deleted. Gives
-- how many.
create or replace function forget_acts() returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_gone integer;
begin
    delete from act where at_utc < now_utc() - interval '731 days';
    get diagnostics v_gone = row_count;
    return v_gone;
end $$;

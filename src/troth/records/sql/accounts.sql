-- Which people an account's owner has proven to be: one business fact is one person, and an account has many of them.

-- Join a person, and everybody whose present address has this index, to an account. Gives those who are new; each of
-- them has the act in their ledger. Who belongs to an account already stays there, and whom only a new way of comparing
-- addresses made the same is offered (joining_offer), never joined in silence. At most as many as there are entry ids.
create or replace function join_account(
    p_user bigint, p_person uuid, p_index bytea, p_entries uuid[], p_way text) returns setof uuid
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    v_entry entry;
    v_person uuid;
    v_number integer := 0;
    v_new uuid[] := '{}';
begin
    for v_person in
        select k.person_id from person_key k
        where k.person_id in (
                select p_person
                union select it from people_present(p_index) it
                where not exists (select from joining_offer o where o.person_id = it))
          and not exists (select from account_person a where a.person_id = k.person_id)
        order by 1 limit cardinality(p_entries)
    loop
        insert into account_person (person_id, user_id, since_utc) values (v_person, p_user, now_utc())
            on conflict do nothing;
        if found then
            v_number := v_number + 1;
            v_entry := null;
            v_entry.person_id := v_person; v_entry.id := p_entries[v_number]; v_entry.kind := 'linked';
            v_entry.purpose := 'account'; v_entry.section := law_section('account'); v_entry.who := 'person';
            v_entry.payload := jsonb_build_object('way', p_way);
            perform entry_write(v_entry);
            delete from joining_offer where person_id = v_person;
            v_new := v_new || v_person;
            return next v_person;
        end if;
    end loop;
    if v_number > 0 then
        perform account_begins(p_user, v_new);
    end if;
end $$;

-- Who is offered to an account: of its present address, and the same only since addresses are compared anew.
create or replace function joining_offers(p_user bigint) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select o.person_id from joining_offer o join "user" u on u.id = p_user
    where o.declined_utc is null and present_index(o.person_id) = present_index(u.person_id) and not exists
          (select from account_person a where a.person_id = o.person_id)
    order by o.person_id
$$;

-- The owner's answer to an offer. Whoever is declined is neither joined nor offered again.
create or replace function answer_offer(p_user bigint, p_person uuid, p_entry uuid, p_yes boolean) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if p_person not in (select joining_offers(p_user)) then
        return false;
    elsif p_yes then
        perform join_account(p_user, p_person, null, array[p_entry], 'another spelling');
    else
        update joining_offer set declined_utc = now_utc() where person_id = p_person;
    end if;
    return true;
end $$;

-- What hangs on an address and not on who has it stays when the account takes another one: an open invitation is for whoever
-- reads mail there; an open request that only mail proved, or nobody yet, never reaches what is held under the new address;
-- and whoever leaves a domain (p_domain) no longer asks to join as somebody of it. Gives how many people stay.
create or replace function leave_address(p_user bigint, p_index bytea, p_domain boolean) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_person uuid;
    v_number integer := 0;
begin
    for v_person in
        delete from account_person a
            where a.user_id = p_user and present_index(a.person_id) = p_index
              and not exists (select from "user" u where u.person_id = a.person_id)
              and (exists (select from invitation i where i.person_id = a.person_id and i.state = 'open')
                   or exists (select from request_case c where c.person_id = a.person_id and c.account is null
                              and c.purpose = 'rights' and c.state in ('unverified', 'open')))
            returning a.person_id
    loop
        v_number := v_number + 1;
        v_entry := null;
        v_entry.person_id := v_person; v_entry.id := gen_random_uuid(); v_entry.kind := 'unlinked';
        v_entry.purpose := 'account'; v_entry.section := law_section('account'); v_entry.who := 'person';
        v_entry.payload := jsonb_build_object('way', 'address left');
        perform entry_write(v_entry);
        perform account_ends(array[v_person]);
    end loop;
    update join_request set state = 'withdrawn', decided_utc = now_utc() where p_domain and state = 'asked'
        and person_id = (select u.person_id from "user" u where u.id = p_user);
    return v_number;
end $$;

-- Each datum of the account that holds the address of this index.
create or replace function account_addresses(p_user bigint, p_index bytea)
returns table (person_id uuid, id uuid, channel text, version integer, request uuid)
language sql stable security definer set search_path = public, pg_temp as $$
    select d.person_id, d.id, d.channel, d.version, d.request from datum d
    where d.person_id in (select a.person_id from account_person a where a.user_id = p_user
                          union select u.person_id from "user" u where u.id = p_user)
      and d.kind = 'email' and d.blind_index = p_index and d.removed_utc is null
    order by d.person_id, d.id
$$;

-- What was given to make an account that nobody confirmed in time: deleted, with an entry. True if there was any.
create or replace function unconfirmed_gone(p_person uuid, p_request uuid, p_entry uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_purpose text;
    v_data uuid[];
begin
    -- A sign-up for a newsletter is a person of its own, whoever was signed in.
    if exists (select from account_person a where a.person_id = p_person)
       or exists (select from "user" u where u.person_id = p_person) then
        if not exists (select from datum d where d.person_id = p_person and d.request = p_request
                       and d.channel = 'form.news') then
            return false;
        end if;
    end if;
    select array_agg(d.id), min(case d.channel when 'form.news' then 'confirmations' else 'account' end)
        into v_data, v_purpose from datum d
        where d.person_id = p_person and d.request = p_request
          and d.channel in ('form.account', 'form.profile', 'form.news');
    v_entry.kinds := take_data(p_person, v_data);
    if v_entry.kinds is null then
        return false;
    end if;
    perform settle_data(array[p_person], now_utc());
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'expired';
    v_entry.who := case v_purpose when 'account' then 'program:account' else 'program:newsletter' end;
    v_entry.purpose := v_purpose; v_entry.section := law_section(v_purpose); v_entry.request := p_request;
    v_entry.payload := jsonb_build_object('why', 'unconfirmed');
    perform entry_write(v_entry);
    return true;
end $$;

-- The owner closes the account: each of its people stays with what was sent, and has the act in their ledger. Not while the
-- sign-in is what proves an open privacy request, nor as a member, whose colleagues would be left with nobody to decide.
-- False where there is no such account, or one of the staff.
create or replace function close_account(p_user bigint) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
    v_person uuid;
    v_own uuid := (select u.person_id from "user" u where u.id = p_user for update);
    v_left uuid[] := array(select a.person_id from account_person a where a.user_id = p_user order by a.person_id);
    v_number text := (select min(c.number) from request_case c
                      where c.account = p_user and c.state in ('received', 'unverified', 'open'));
begin
    if v_own is null then
        return false;
    elsif v_number is not null then
        perform refuse('open request', 'Your privacy request %(number)s is still open. Withdraw it or wait for our answer, then '
                       'close your account.', jsonb_build_object('number', v_number));
    elsif exists (select from membership m where m.person_id = v_own and m.role is not null) then
        perform refuse('member', 'Leave your organization first.');
    end if;
    update join_request set state = 'withdrawn', decided_utc = now_utc() where state = 'asked' and person_id = v_own;
    perform accounts_gone(array[p_user]);
    foreach v_person in array v_left loop
        v_entry := null;
        v_entry.person_id := v_person; v_entry.id := gen_random_uuid(); v_entry.kind := 'unlinked';
        v_entry.purpose := 'account'; v_entry.section := law_section('account'); v_entry.who := 'person';
        v_entry.payload := jsonb_build_object('way', 'account closed');
        perform entry_write(v_entry);
    end loop;
    perform account_ends(v_left);
    return true;
end $$;

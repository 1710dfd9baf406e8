-- Organizations, their members and who decides. Each function asks by itself whether `p_by` may: pages only ask nicely.
-- The row of the organization is locked first, so that two administrators who leave at once do not both succeed.

create or replace function organization_entry(
    p_person uuid, p_entry uuid, p_kind text, p_who text, p_organization uuid, p_more jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := p_kind; v_entry.who := p_who;
    v_entry.purpose := 'organization'; v_entry.section := law_section('organization');
    v_entry.payload := jsonb_build_object('organization', p_organization) || p_more;
    perform entry_write(v_entry);
end $$;

-- The role of a member, with the organization locked; refused for everybody else in the words of one who asks in vain.
create or replace function organization_held(p_by uuid, p_organization uuid) returns text
language plpgsql set search_path = public, pg_temp as $$
declare
    v_role text;
begin
    perform from organization o where o.id = p_organization for update;
    select m.role into v_role from membership m where m.person_id = p_by and m.organization_id = p_organization;
    if v_role is null then
        perform refuse('no member', 'You’re not a member of this organization.');
    end if;
    return v_role;
end $$;

create or replace function organization_led(p_by uuid, p_organization uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if organization_held(p_by, p_organization) <> 'admin' then
        perform refuse('no administrator', 'Only an administrator of the organization can do this.');
    end if;
end $$;

-- A new member, with the act in the member's history. Members of one organization leave it before they join another.
create or replace function organization_admit(
    p_person uuid, p_organization uuid, p_role text, p_entry uuid, p_way text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    perform from person_key k where k.person_id = p_person for share;
    if not found then
        perform refuse('erased', 'This person does not exist or was erased.');
    elsif exists (select from membership m where m.person_id = p_person and m.role is not null) then
        perform refuse('member elsewhere', 'You’re already a member of an organization. Leave it first.');
    end if;
    insert into membership (person_id, organization_id, role, since_utc) values (p_person, p_organization, p_role, now_utc())
        on conflict (person_id, organization_id) do update set role = excluded.role, since_utc = excluded.since_utc;
    update join_request set state = 'withdrawn', decided_utc = now_utc()
        where person_id = p_person and state = 'asked' and organization_id <> p_organization;
    perform organization_entry(p_person, p_entry, 'joined', 'person', p_organization,
                               jsonb_build_object('role', p_role, 'way', p_way));
end $$;

-- The membership of a person: nothing for a contact whom only a mail domain connects.
create or replace function organization_of(p_person uuid)
returns table (id uuid, name text, role text, since_utc timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select o.id, o.name, m.role, m.since_utc from membership m join organization o on o.id = m.organization_id
    where m.person_id = p_person and m.role is not null
$$;

create or replace function organization_members(p_by uuid)
returns table (person uuid, role text, since_utc timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select m.person_id, m.role, m.since_utc
    from membership own join membership m on m.organization_id = own.organization_id
    where own.person_id = p_by and own.role is not null and m.role is not null
    order by m.role, m.since_utc, m.person_id
$$;

-- Who is written to when somebody asks to join.
create or replace function organization_admins(p_organization uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select m.person_id from membership m where m.organization_id = p_organization and m.role = 'admin' order by m.since_utc
$$;

-- The organization of a proven mail domain, and whether somebody there can let others in.
create or replace function organization_at(p_domain bytea) returns table (id uuid, name text, led boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    select o.id, o.name, exists (select from membership m where m.organization_id = o.id and m.role = 'admin')
    from organization o where o.domain_index = p_domain
$$;

-- A new organization with its first administrator. One that is known by the same proven domain and led by nobody becomes
-- the person's; where someone leads it, the person has to ask.
create or replace function organization_found(
    p_person uuid, p_organization uuid, p_entry uuid, p_name text, p_domain bytea) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_known uuid;
begin
    insert into organization (id, name, domain_index, industry, country, state, created_utc)
        values (p_organization, p_name, p_domain, '', '', '', now_utc())
        on conflict (domain_index) do nothing;
    if not found then
        select o.id into v_known from organization o where o.domain_index = p_domain for update;
        if exists (select from membership m where m.organization_id = v_known and m.role = 'admin') then
            perform refuse('known domain', 'Your colleagues already have an organization here. Ask to join it.');
        end if;
        update organization set name = p_name where id = v_known;
    end if;
    perform organization_admit(p_person, coalesce(v_known, p_organization), 'admin', p_entry, 'founded');
    return coalesce(v_known, p_organization);
end $$;

-- Ask to join the organization of one's proven domain. Asking twice is asking once.
create or replace function organization_ask(p_person uuid, p_organization uuid, p_domain bytea, p_request uuid, p_entry uuid)
returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_open uuid;
begin
    perform from organization o where o.id = p_organization and o.domain_index = p_domain for update;
    if not found then
        perform refuse('no member', 'You’re not a member of this organization.');
    elsif exists (select from membership m where m.person_id = p_person and m.role is not null) then
        perform refuse('member elsewhere', 'You’re already a member of an organization. Leave it first.');
    elsif not exists (select from membership m where m.organization_id = p_organization and m.role = 'admin') then
        perform refuse('nobody there', 'That organization has no members left to accept you. Create the organization yourself.');
    end if;
    select j.id into v_open from join_request j
        where j.person_id = p_person and j.organization_id = p_organization and j.state = 'asked';
    if v_open is not null then
        return v_open;
    end if;
    insert into join_request (id, organization_id, person_id, state, asked_utc)
        values (p_request, p_organization, p_person, 'asked', now_utc());
    perform organization_entry(p_person, p_entry, 'asked to join', 'person', p_organization, '{}');
    return p_request;
end $$;

create or replace function organization_withdraw(p_person uuid, p_request uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update join_request set state = 'withdrawn', decided_utc = now_utc()
        where id = p_request and person_id = p_person and state = 'asked';
    if not found then
        perform refuse('not open', 'This has already been answered, withdrawn or ended.');
    end if;
end $$;

-- An administrator's answer. Gives the person who asked.
create or replace function organization_decide(p_by uuid, p_request uuid, p_yes boolean, p_role text, p_entry uuid)
returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_asked join_request;
begin
    select * into v_asked from join_request j where j.id = p_request;
    perform organization_led(p_by, v_asked.organization_id);
    update join_request set state = case when p_yes then 'agreed' else 'refused' end, decided_utc = now_utc(),
        decided_by = p_by where id = p_request and state = 'asked';
    if not found then
        perform refuse('not open', 'This has already been answered, withdrawn or ended.');
    elsif p_yes then
        perform organization_admit(v_asked.person_id, v_asked.organization_id, p_role, p_entry, 'agreed');
    else
        perform organization_entry(v_asked.person_id, p_entry, 'not joined', 'colleague', v_asked.organization_id,
                                   jsonb_build_object('by', p_by));
    end if;
    return v_asked.person_id;
end $$;

-- An invitation for a person whose address a colleague gave. One at a time for an address.
create or replace function organization_invite(
    p_by uuid, p_organization uuid, p_invitation uuid, p_person uuid, p_role text, p_lasting interval, p_entry uuid)
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_now timestamptz := now_utc();
begin
    perform organization_led(p_by, p_organization);
    if (select count(*) from invitation i where i.organization_id = p_organization and i.state = 'open') >= 100 then
        perform refuse('too many', 'You have 100 open invitations. Cancel some, or wait until they are answered.');
    elsif exists (
        select from invitation i join datum d on d.person_id = i.person_id
        join datum n on n.person_id = p_person and n.kind = 'email' and n.blind_index = d.blind_index
        where i.organization_id = p_organization and i.state = 'open' and d.kind = 'email') then
        perform refuse('invited', 'This address already has an open invitation.');
    end if;
    insert into invitation (id, organization_id, person_id, role, invited_by, state, sent_utc, expires_utc)
        values (p_invitation, p_organization, p_person, p_role, p_by, 'open', v_now, v_now + p_lasting);
    perform organization_entry(p_person, p_entry, 'invited', 'colleague', p_organization,
                               jsonb_build_object('role', p_role, 'by', p_by));
end $$;

-- The address of an invitation that came to nothing is forgotten, with an entry that says so.
create or replace function invitation_forget(p_person uuid, p_entry uuid, p_why text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
    v_entry entry;
begin
    if take_data(p_person, array(select d.id from datum d where d.person_id = p_person and d.channel = 'form.invitation'))
       is null then
        return;
    end if;
    perform settle_data(array[p_person], now_utc());
    v_entry.person_id := p_person; v_entry.id := p_entry; v_entry.kind := 'expired'; v_entry.kinds := array['email'];
    v_entry.who := 'program:organization'; v_entry.purpose := 'organization'; v_entry.section := law_section('organization');
    v_entry.payload := jsonb_build_object('why', p_why);
    perform entry_write(v_entry);
end $$;

-- The answer of whoever has proven the invited address: the invited person belongs to the account of `p_person`.
create or replace function organization_answer(p_person uuid, p_invitation uuid, p_yes boolean, p_entry uuid, p_gone uuid)
returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_invited invitation;
begin
    select i.* into v_invited from invitation i
        join account_person a on a.person_id = i.person_id
        join "user" u on u.id = a.user_id and u.person_id = p_person
        where i.id = p_invitation for update of i;
    if v_invited.id is null then
        perform refuse('no invitation', 'There is no such invitation for you.');
    elsif v_invited.state <> 'open' or v_invited.expires_utc <= now_utc() then
        perform refuse('not open', 'This invitation is no longer open. Ask your colleague for a new one.');
    end if;
    perform from organization o where o.id = v_invited.organization_id for update;
    update invitation set state = case when p_yes then 'accepted' else 'declined' end, ended_utc = now_utc()
        where id = p_invitation;
    if p_yes then
        perform organization_admit(p_person, v_invited.organization_id, v_invited.role, p_entry, 'invited');
    end if;
    perform invitation_forget(v_invited.person_id, p_gone, case when p_yes then 'accepted' else 'declined' end);
    return v_invited.organization_id;
end $$;

create or replace function organization_uninvite(p_by uuid, p_invitation uuid, p_gone uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_invited invitation;
begin
    select * into v_invited from invitation i where i.id = p_invitation;
    perform organization_led(p_by, v_invited.organization_id);
    update invitation set state = 'withdrawn', ended_utc = now_utc() where id = p_invitation and state = 'open';
    if not found then
        perform refuse('not open', 'This has already been answered, withdrawn or ended.');
    end if;
    perform invitation_forget(v_invited.person_id, p_gone, 'withdrawn');
end $$;

-- Invitations past their time, at most as many as there are entry ids: ended, and their addresses forgotten. By p_now, but
-- never before the database's own clock says so.
create or replace function organization_expire(p_now timestamptz, p_entries uuid[]) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_invited invitation;
    v_number integer := 0;
begin
    for v_invited in select * from invitation i where i.state = 'open' and i.expires_utc <= least(p_now, now_utc())
                     order by i.expires_utc limit cardinality(p_entries) for update skip locked loop
        v_number := v_number + 1;
        update invitation set state = 'expired', ended_utc = p_now where id = v_invited.id;
        perform invitation_forget(v_invited.person_id, p_entries[v_number], 'unanswered');
    end loop;
    return v_number;
end $$;

create or replace function organization_keeps_admin(p_organization uuid, p_without uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if not exists (select from membership m where m.organization_id = p_organization and m.role = 'admin'
                   and m.person_id <> p_without) then
        perform refuse('last administrator', 'The last administrator can’t be changed. Make someone else an administrator first.');
    end if;
end $$;

create or replace function organization_role(p_by uuid, p_person uuid, p_role text, p_entry uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_organization uuid := (select m.organization_id from membership m where m.person_id = p_by and m.role is not null);
    v_before text;
begin
    perform organization_led(p_by, v_organization);
    select m.role into v_before from membership m where m.person_id = p_person and m.organization_id = v_organization;
    if v_before is null then
        perform refuse('no member', 'You’re not a member of this organization.');
    elsif v_before = p_role then
        return;
    elsif v_before = 'admin' then
        perform organization_keeps_admin(v_organization, p_person);
    end if;
    update membership set role = p_role where person_id = p_person and organization_id = v_organization;
    perform organization_entry(p_person, p_entry, 'role changed', case when p_by = p_person then 'person' else 'colleague' end,
                               v_organization, jsonb_build_object('role', p_role, 'by', p_by));
end $$;

-- Out of the organization: by oneself, or by an administrator. What the member shared is theirs alone again. The last administrator
-- may go only as the last member.
create or replace function organization_leave(p_by uuid, p_person uuid, p_entry uuid) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_organization uuid := (select m.organization_id from membership m where m.person_id = p_by and m.role is not null);
    v_role text;
begin
    if p_by = p_person then
        v_role := organization_held(p_by, v_organization);
    else
        perform organization_led(p_by, v_organization);
        select m.role into v_role from membership m where m.person_id = p_person and m.organization_id = v_organization;
        if v_role is null then
            perform refuse('no member', 'You’re not a member of this organization.');
        end if;
    end if;
    if v_role = 'admin' and exists (select from membership m where m.organization_id = v_organization
                                    and m.role is not null and m.person_id <> p_person) then
        perform organization_keeps_admin(v_organization, p_person);
    end if;
    delete from shared_fact where by_person = p_person;
    perform cases_leave(p_person);
    delete from membership where person_id = p_person and organization_id = v_organization;
    perform organization_entry(p_person, p_entry, 'left', case when p_by = p_person then 'person' else 'colleague' end,
                               v_organization, jsonb_build_object('by', p_by));
    perform organization_end_open(v_organization);
    return v_organization;
end $$;

-- Show a fact of one's own account to the colleagues, or no longer.
create or replace function organization_share(p_by uuid, p_fact uuid, p_yes boolean, p_entry uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_organization uuid := (select m.organization_id from membership m where m.person_id = p_by and m.role is not null);
begin
    if organization_held(p_by, v_organization) = 'viewer' then
        perform refuse('viewer', 'Viewers can’t share. Ask an administrator to make you a member.');
    elsif not exists (select from account_person a join "user" u on u.id = a.user_id
                      where a.person_id = p_fact and u.person_id = p_by) or p_fact = p_by then
        perform refuse('no fact', 'We couldn’t find this in your account.');
    end if;
    if p_yes then
        insert into shared_fact (person_id, organization_id, by_person, since_utc, shared)
            values (p_fact, v_organization, p_by, now_utc(), true)
            on conflict (person_id) do update set organization_id = excluded.organization_id, shared = true,
                by_person = excluded.by_person, since_utc = excluded.since_utc where not shared_fact.shared;
    else
        update shared_fact set shared = false where person_id = p_fact and shared;
    end if;
    if found then
        perform cases_shared(p_fact, v_organization, p_yes);
        perform organization_entry(p_fact, p_entry, case when p_yes then 'shared' else 'not shared' end, 'person',
                                   v_organization, '{}');
    end if;
end $$;

-- What members see of each other's: facts that were shared with the organization of `p_by`.
create or replace function organization_shared(p_by uuid)
returns table (fact uuid, by_person uuid, since_utc timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select f.person_id, f.by_person, f.since_utc
    from membership m join shared_fact f on f.organization_id = m.organization_id and f.shared
    where m.person_id = p_by and m.role is not null
    order by f.since_utc desc, f.person_id
$$;

-- Where nobody is left to decide, nothing stays open: who asked may begin the organization anew, and an invitation is past its
-- time, so that `organization_expire` forgets its address with an entry.
create or replace function organization_end_open(p_organization uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if exists (select from membership m where m.organization_id = p_organization and m.role = 'admin') then
        return;
    end if;
    update join_request set state = 'withdrawn', decided_utc = now_utc()
        where organization_id = p_organization and state = 'asked';
    update invitation set expires_utc = least(expires_utc, now_utc()) where organization_id = p_organization and state = 'open';
    update due set at_utc = now_utc(), handed_out_utc = null where what = 'organization.end_invitation' and about in
        (select i.id from invitation i where i.organization_id = p_organization and i.state = 'open');
end $$;

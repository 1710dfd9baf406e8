-- These accounts are no more: their sign-ins, secrets and new addresses that nobody confirmed. The people stay.
create or replace function accounts_gone(p_users bigint[]) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    perform unconfirmed_gone(f.person_id, f.id, gen_random_uuid()) from proof f where f.user_id = any (p_users);
    delete from account_person where user_id = any (p_users);
    delete from proof where user_id = any (p_users);
    delete from passkey where user_id = any (p_users);
    delete from authenticator where user_id = any (p_users);
    delete from recovery_code where user_id = any (p_users);
    delete from device where user_id = any (p_users);
    delete from session where user_id = any (p_users);
    delete from "user" where id = any (p_users);
end $$;

-- The account of an erased person goes, too. Its requests leave the organization first: it says whose they are.
create or replace function ends_in_account(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
declare
    v_users bigint[] := array(select id from "user" where person_id = p_person);
    v_left uuid[] := array(select a.person_id from account_person a where a.person_id = p_person or a.user_id = any (v_users));
begin
    delete from joining_offer where person_id = p_person;
    perform cases_leave(p_person);
    perform accounts_gone(v_users);
    delete from account_person where person_id = p_person;
    delete from proof where person_id = p_person;
    perform account_ends(v_left);
end $$;

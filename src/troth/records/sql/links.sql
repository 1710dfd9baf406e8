-- Nothing that was mailed to an erased person opens anything any longer: part of `erase`, the owner's alone. A choice that
-- is asked for by an old link then finds the plain page, and no row of the person to write to.
create or replace function spend_links(p_person uuid, p_by text) returns void
language sql set search_path = public, pg_temp as $$
    update private_link set spent_utc = now_utc(), spent_by = p_by where person_id = p_person and spent_utc is null;
    update proof set spent_utc = now_utc(), spent_by = p_by, password = '' where person_id = p_person and spent_utc is null;
$$;

-- Nothing that was mailed for an account opens it any longer: part of `staff_closed` and `staff_password`.
create or replace function spend_proofs(p_user bigint, p_by text) returns void
language sql set search_path = public, pg_temp as $$
    update proof set spent_utc = now_utc(), spent_by = p_by, password = '' where user_id = p_user and spent_utc is null;
$$;

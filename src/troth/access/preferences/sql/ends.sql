-- A pause would set answers when its time is over, of somebody who has none any more.
create or replace function ends_in_preferences(p_person uuid, p_case uuid) returns setof uuid
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from due d using preference_pause p
        where p.person_id = p_person and d.what = 'preferences.end_pause' and d.about = p.id;
    delete from preference_pause where person_id = p_person;
end $$;

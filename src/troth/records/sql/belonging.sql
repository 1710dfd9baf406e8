-- What belongs to a datum, its marks and its files, exists only with it: as a foreign key that deletes would have it, but once
-- a statement. Such a key looks for both of each datum by itself, which was two thirds of the time that an expiry took.
--
-- Of two transactions the later waits: who adds locks the datum, and who deletes it looks for what was added until then. That
-- needs a new snapshot with each statement.

create or replace function datum_gone() returns trigger
language plpgsql security definer set search_path = public, pg_temp
-- One plan for any number of data, made when the first are deleted: the tables may be small then.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    perform refuse_snapshot();
    delete from datum_mark m using gone g where m.datum = g.id and m.person_id = g.person_id;
    delete from stored_file f using gone g where (f.person_id, f.datum) = (g.person_id, g.id);
    return null;
end $$;

create or replace function datum_needed() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    v_found bigint;
begin
    perform from added a join datum d on (d.person_id, d.id) = (a.person_id, a.datum) for key share of d;
    get diagnostics v_found = row_count;
    if v_found <> (select count(a.datum) from added a) then
        perform refuse('no datum', 'The value that this belongs to does not exist.');
    end if;
    return null;
end $$;

create or replace trigger datum_gone after delete on datum referencing old table as gone
    for each statement execute function datum_gone();
create or replace trigger datum_needed after insert on datum_mark referencing new table as added
    for each statement execute function datum_needed();
create or replace trigger datum_needed after insert on stored_file referencing new table as added
    for each statement execute function datum_needed();

-- What the room's migration would make.
create table plea (
    id uuid primary key,
    number text not null unique,
    person_id uuid not null references person,
    state text not null,
    product text not null,
    received_utc timestamptz not null,
    due_utc timestamptz not null,
    answered_utc timestamptz,
    answered_by text not null
);
grant select, insert, update on plea to troth_app;

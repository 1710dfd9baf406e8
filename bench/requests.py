"""A console with a past: 100,000 support cases, 5,000 of them open, with 300,000 messages and the marks of their words.

Made by SQL, all of people who are there already. The messages themselves are without words: lists and search read none.
"""

from bench.people import People
from bench.surroundings import superuser

CASES, OPEN, MESSAGES = 100_000, 5_000, 300_000
VOCABULARY, WORDS = 20_000, 60
"""Marks that there are, and how many a message has; rare ones are as much rarer as in a language."""
STAFF = "bench-support"


def fill(people: People, *, cases: int = CASES, opened: int = OPEN) -> None:
    """Three messages a case; the newest cases are open, a third of them late."""
    given = {"cases": cases, "opened": opened, "ended": cases - opened, "staff": STAFF}
    given |= {"first": people.first, "people": len(people.templates), "vocabulary": VOCABULARY, "words": WORDS}
    with superuser(people.cluster) as connection:
        connection.execute("set session_replication_role = replica; set synchronous_commit = off")
        connection.execute("drop index word_mark_by_word")
        for statement in (_ID, _CASES, _OWN, _MESSAGES, _MARKS):
            connection.execute(statement, given)
        connection.execute("create index word_mark_by_word on word_mark using gin (marks)")
        for table in ("request_case", "support_case", "case_message", "word_mark"):
            connection.execute(f"vacuum (analyze) {table}")


def rank(mark: int) -> int:
    """The mark of the word of this rank, as the database makes it: 1 is in most messages."""
    return mark * 2_654_435_761 % 2**32 - 2**31


_ID = """
    create or replace function pg_temp.numbered(kind integer, i bigint) returns uuid language sql immutable as $$
        select ('0191' || lpad(to_hex(i), 8, '0') || '7' || lpad(to_hex(kind), 3, '0')
                || '8' || right(md5(i::text), 15))::uuid
    $$
"""
_CASES = """
    insert into request_case (id, number, kind, purpose, queue, person_id, shared, state, manner, regime, business,
        received_utc, due_utc, extended_why, reminded, answered_utc, answered_by, nature, basis, denial, joined,
        callback, assigned_to, alarm, approves, waits_for, facts)
    select pg_temp.numbered(1, i), 'S-2020-' || i, 'support', 'support', 'staff.support', p.id, false,
           case when i > %(ended)s then 'open' else 'answered' end, 'form', '', false, received,
           received + interval '2 days', '', 0,
           case when i <= %(ended)s then received + interval '60 hours' * random() end, '', '', '', '', '', false,
           (array[%(staff)s, 'bench-sales', 'bench-sales', '', ''])[1 + i %% 5], '', '',
           case when i > %(ended)s and i %% 7 = 0 then 'person' else '' end, '{}'
    from (select i, now() - interval '3 days' * least(1, (%(cases)s - i)::float8 / %(opened)s)
                    - interval '3 years' * greatest(0, (%(ended)s - i)::float8 / %(cases)s) as received
          from generate_series(1, %(cases)s::bigint) i) it
    join person p on p.ordinal = %(first)s::bigint + i %% %(people)s
"""
_OWN = """
    insert into support_case (case_id, place, version, product, release, priority, rating)
    select c.id, 'form.support', 1, 'optipro-process', '2026.1', 'normal', ''
    from request_case c where c.number like 'S-2020-%%'
"""
_MESSAGES = """
    insert into case_message (id, case_id, at_utc, who, way)
    select pg_temp.numbered(2, row_number() over (order by c.id, n)), c.id, c.received_utc + interval '1 hour' * n,
           case n when 1 then 'staff:bench-support' else 'person' end, case n when 1 then 'console' else 'form' end
    from request_case c, generate_series(0, 2) n where c.number like 'S-2020-%%'
"""
_MARKS = """
    insert into word_mark (message_id, marks)
    select m.id, (select array_agg(distinct (rank * 2654435761 %% 4294967296 - 2147483648)::integer)
                  from (select floor(exp(random() * ln(%(vocabulary)s)))::bigint as rank
                        from generate_series(1, %(words)s) where m.id is not null) it)
    from case_message m join request_case c on c.id = m.case_id where c.number like 'S-2020-%%'
"""

"""Every table and every function of the database, tried as the application's role. What is new fails until it says here
what the role may do with it; docs/taken-over.md says what that comes to.

Policy  #S1
"""

import itertools
from typing import Any

import psycopg
import pytest
from tests.gate.test_bypass import Scene, other, scene
from tests.worlds import ALICE, BOB

from troth.records import privileges

__all__ = ["other", "scene"]

pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS = ("select", "insert", "update", "delete")

NOTHING = """auth_group auth_group_permissions auth_permission choice clock_word datum django_session entry entry_chunk
    entry_queue event_time joining_offer law_answer law_reach membership person person_key progress staff_seat staff_secret standing
    standing_class"""
READS = """account_person case_approval case_event checkpoint cohort django_content_type django_migrations held_erasure
    invitation join_request key_mark legal_hold retention_day law_collect law_kept law_purpose law_question law_use leaf_order mail_hold organization origin policy_adoption policy_translation policy_version
    request_case shared_fact tile"""
WRITES = """agent_body agent_request agent_token authenticator bulk_run case_message case_number
    desk_setting device due email_batch finished_letter form_nonce inquiry kept_mail lane_pause letter mail_folder
    message_copy newsletter_confirmation_count newsletter_edition newsletter_installation newsletter_issue
    newsletter_recipient newsletter_sign_up passkey policy_update policy_update_reader preference_pause prepared_file private_link
    procrastinate_events procrastinate_jobs procrastinate_periodic_defers procrastinate_workers proof quote_request
    rate_count rate_salt recovery_code reply_draft saved_view session snippet soft_bounce support_case suppression
    user word_mark"""

TABLES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(NOTHING.split(), ()),
    **dict.fromkeys(READS.split(), ("select",)),
    **dict.fromkeys(("act", "datum_mark", "policy_draft", "stored_file"), ("select", "insert")),
    **dict.fromkeys(WRITES.split(), ACTIONS),
}
"""Table → what the application's role may do with it."""

SINGLE_COLUMNS = {"request_case": {"business", "noticed_utc", "reminded"}}
"""Of a table that is read only, the columns that may be changed."""

OTHERS_ATTEMPTS = {
    "truncate": "truncate {}",
    "references": "create table mine (id int references {})",
    "trigger": "create trigger mine before insert on {} execute function suppress_redundant_updates_trigger()",
    "view": "create view mine as select * from {}",
    "temporary view": "create temporary view mine as select * from {}",
    "materialized view": "create materialized view mine as select * from {}",
    "rule": "create rule mine as on insert to {} do nothing",
    "policy": "create policy mine on {} using (true)",
    "row security": "alter table {} disable row level security",
    "owner": "alter table {} owner to troth_app",
    "column": "alter table {} add column mine text",
    "index": "create index mine on {} ((true))",
    "drop": "drop table {}",
    "grant": "do $$ begin grant all on {} to public; if not found then raise insufficient_privilege; end if; end $$",
    "publication": "create publication mine for table {}",
}
"""What nobody but the owner does with any table."""


@pytest.fixture
def tables(owner: Any) -> set[str]:
    return {
        name
        for (name,) in owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')"
        ).fetchall()
    }


def test_each_table_is_listed(tables: set[str]) -> None:
    assert tables == TABLES.keys()


def test_the_role_may_do_with_a_table_what_is_listed_and_nothing_else(owner: Any, other: Any) -> None:
    for table in TABLES:
        _may_do_what_is_listed(table, owner, other)


def _may_do_what_is_listed(table: str, owner: Any, other: Any) -> None:
    columns = [
        name
        for (name,) in owner.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
            [f'public."{table}"'],
        ).fetchall()
    ]
    may = {
        "select": [f'select * from "{table}" limit 1', f'copy "{table}" to stdout', f'select ctid from "{table}"'],
        "insert": [f'insert into "{table}" select * from "{table}" where false', f'copy "{table}" from stdin'],
        "update": [f'update "{table}" set "{columns[0]}" = "{columns[0]}" where false'],
        "delete": [f'delete from "{table}" where false'],
    }
    if "select" not in TABLES[table]:
        may["insert"] = [
            f'insert into "{table}" ("{columns[0]}") select null where false',
            f'copy "{table}" from stdin',
        ]
        may["update"] = [f'update "{table}" set "{columns[0]}" = null where false']
    for action, attempts in may.items():
        for attempt in attempts:
            assert allowed(other, attempt) == (action in TABLES[table]), attempt
    assert allowed(other, f'select from "{table}" for update') == (
        "update" in TABLES[table] or table in SINGLE_COLUMNS
    ), table
    for column in columns:
        single = column in SINGLE_COLUMNS.get(table, ())
        attempt = f'update "{table}" set "{column}" = default where false'
        assert allowed(other, attempt) == (single or "update" in TABLES[table]), attempt


def test_the_role_makes_nothing_of_its_own_of_a_table(other: Any) -> None:
    for table, (name, attempt) in itertools.product(TABLES, OTHERS_ATTEMPTS.items()):
        assert not allowed(other, attempt.format(f'public."{table}"')), (table, name)


def allowed(other: Any, statement: str) -> bool:
    """Whether the role may do this: whatever else is wrong with the statement, it is not its right."""
    try:
        with other.transaction(force_rollback=True), other.cursor() as cursor:
            if statement.startswith("copy"):
                with cursor.copy(statement) as copied:
                    list(copied) if "to stdout" in statement else None
            else:
                cursor.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.Error:
        return True
    return True


# Functions. Who: (attempt, what it ends in). A code of ours is a refusal; a value is what the role is given.

ANYBODY = "'00000000-0000-0000-0000-00000000000a'::uuid"
FUNCTIONS: dict[str, tuple[str, str]] = {
    "keep": (
        """keep({bob}, null, '[{{"id": "00000000-0000-0000-0000-00000000000b", "kind": "email", "clear": "x@y.example"}}]',
        'form.quote', 1, 'typed', '', now(), null, gen_random_uuid(), 'person')""",
        "not sealed",
    ),
    "person_key_of": ("person_key_of({bob}) is null", "False"),
    "grant_use": (
        "grant_use({bob}, gen_random_uuid(), '', 'quotes', '{{email}}', 'staff:pia', '', null, '1 hour')",
        "not signed in",
    ),
    "look": (
        "call look({bob}, gen_random_uuid(), '', '', 'quotes', '{{email}}', 'staff:pia', '', null, '1 hour', null)",
        "not signed in",
    ),
    "read_granted": ("read_granted({bob}, {grant}, '')", "no grant"),
    "read_as_text": ("read_as_text({bob}, {grant}, '')", "no grant"),
    "read_pieces": ("read_pieces({bob}, {grant}, '')", "no grant"),
    "read_selected": ("read_selected(array[{grant}]::uuid[], array[''::bytea], array[0], array[100])", "no grant"),
    "claim_emails": ("claim_emails('{{}}', '{{}}', '{{}}', now())", ""),
    "plan_emails": (
        "plan_emails('{{}}', {nobody}, 'quotes', '', 'x/y', '[]', '{{}}', 'marketing', now(), now(), null)",
        "0",
    ),
    "spread_emails": ("spread_emails({nobody}, now(), 1, interval '1 minute')", "0"),
    "note_refused": ("note_refused({nobody}, gen_random_uuid(), 'quotes', '{{email}}', 'x', {grant})", ""),
    "grant_selection": (
        "grant_selection(gen_random_uuid(), '', 'quotes', '{{email}}', '{{0}}', '{{abc}}', 'staff:pia', '', '1 hour')",
        "not signed in",
    ),
    "disclose": (
        "disclose({bob}, {grant}, '', gen_random_uuid(), 'distributor', 'x', 'X', '{{email}}', null, 'program:x', '')",
        "no grant",
    ),
    "choose": ("choose({bob}, gen_random_uuid(), 'marketing', 1, true, 'x', 'staff:pia')", "not signed in"),
    "note": ("note({bob}, gen_random_uuid(), 'notified', 'quotes', 'staff:pia', '', null, '{{}}')", "not signed in"),
    "note_signal": ("note_signal({nobody}, gen_random_uuid(), '', '')", "False"),
    "let_go_of": (
        "let_go_of({bob}, gen_random_uuid(), gen_random_uuid(), 'removed', '', 'staff:pia')",
        "not signed in",
    ),
    "region_held": ("region_held({bob})", ""),
    "let_go": ("let_go(10)", "0"),
    "event_note": ("event_note({bob}, 'account', {bob}, null)", "not a note"),
    "reckon_some": ("reckon_some(10)", "False"),
    "unconfirmed_gone": ("unconfirmed_gone({bob}, gen_random_uuid(), gen_random_uuid())", "False"),
    "ordinals_of": ("(select length(people) / 16 from ordinals_of(array[{bob}]::uuid[]))", "1"),
    "select_people": ("select_people(gen_random_uuid(), 'quotes', 'email', null, 'staff:pia', '')", "not signed in"),
    "count_people": ("count_people('quotes', 'email', null)", "2"),
    "enroll": (
        "enroll({bob}, gen_random_uuid(), gen_random_uuid(), 'X', 'x', '', '', '', '1999-01-01')",
        "long past",
    ),
    # What is held, without a value.
    "held": ("(select count(*) from held({bob}))", "3"),
    "answers": ("(select count(*) from answers({bob}))", "0"),
    "pieces_of": ("(select count(*) from pieces_of({bob}))", "3"),
    "newest_of": ("(select count(*) from newest_of({bob}, null, null))", "3"),
    "uses_of_data": ("(select count(*) from uses_of_data({bob}, '{{}}', ''))", "0"),
    "history": ("(select count(*) from history({bob}))", "1"),
    "past_count": ("past_count(array[{bob}]::uuid[], null, null, null, null)", "1"),
    "past_page": (
        "(select count(*) from past_page(array[{bob}]::uuid[], null, null, null, null, 0, 9))",
        "1",
    ),
    "past_outline": ("(select count(*) from past_outline(array[{bob}]::uuid[]))", "1"),
    "bulk_uses_of": ("(select count(*) from bulk_uses_of({bob}))", "0"),
    "people_of": ("(select count(*) from people_of({bob}))", "1"),
    "has_address": ("has_address({bob}, '{{abc}}')", "False"),
    "people_at": ("(select count(*) from people_at('{{abc}}', 10))", "0"),
    "standing_of": ("(select count(*) from standing_of({bob}))", "1"),
    "standings_of": ("(select count(*) from standings_of(array[{bob}]))", "1"),
    "topic_codes": ("(select count(*) from topic_codes(array[{bob}], 'quotes', 'x'))", "1"),
    "law_current": ("law_current()", "1"),
    "now_utc": ("now_utc() > '2026-01-01'", "True"),
    "clock_words": ("clock_words()", "0"),
    # Accounts and organizations: what one says of oneself is believed, what others must agree to is not.
    "join_account": ("join_account(0, {nobody}, '{{}}', array[gen_random_uuid()], 'x')", ""),
    "joining_offers": ("(select count(*) from joining_offers(0))", "0"),
    "answer_offer": ("answer_offer(0, {bob}, gen_random_uuid(), true)", "False"),
    "account_addresses": ("(select count(*) from account_addresses(0, '{{abc}}'))", "0"),
    "leave_address": ("leave_address(0, '{{abc}}', true)", "0"),
    "close_account": ("close_account(0)", "False"),
    "organization_of": ("(select count(*) from organization_of({bob}))", "0"),
    "organization_members": ("(select count(*) from organization_members({bob}))", "0"),
    "organization_admins": ("(select count(*) from organization_admins({nobody}))", "0"),
    "organization_at": ("(select count(*) from organization_at('x'))", "0"),
    "organization_found": ("organization_found({nobody}, gen_random_uuid(), gen_random_uuid(), 'X', null)", "erased"),
    "organization_ask": ("organization_ask({bob}, {nobody}, 'x', gen_random_uuid(), gen_random_uuid())", "no member"),
    "organization_withdraw": ("organization_withdraw({bob}, {nobody})", "not open"),
    "organization_decide": ("organization_decide({bob}, {nobody}, true, 'admin', gen_random_uuid())", "no member"),
    "organization_invite": (
        "organization_invite({bob}, {nobody}, gen_random_uuid(), {bob}, 'admin', '1 day', gen_random_uuid())",
        "no member",
    ),
    "organization_answer": (
        "organization_answer({bob}, {nobody}, true, gen_random_uuid(), gen_random_uuid())",
        "no invitation",
    ),
    "organization_uninvite": ("organization_uninvite({bob}, {nobody}, gen_random_uuid())", "no member"),
    "organization_expire": ("organization_expire('2100-01-01', array[gen_random_uuid()])", "0"),
    "organization_role": ("organization_role({bob}, {bob}, 'admin', gen_random_uuid())", "no member"),
    "organization_leave": ("organization_leave({bob}, {bob}, gen_random_uuid())", "no member"),
    "organization_share": ("organization_share({bob}, {bob}, true, gen_random_uuid())", "no member"),
    "organization_shared": ("(select count(*) from organization_shared({bob}))", "0"),
    # Requests and staff.
    "case_open": (
        """case_open('{{"id": "00000000-0000-0000-0000-00000000000c", "state": "answered", "received_utc": "2099-01-01"}}',
        gen_random_uuid(), now(), 'person', null)""",
        "time to come",
    ),
    "case_step": ("case_step({nobody}, gen_random_uuid(), 'answered', now(), 'person', null, '', '{{}}')", "not open"),
    "case_unnote": ("case_unnote({nobody}, 'staff:pia', null)", "not signed in"),
    "case_forget": ("case_forget(10)", "0"),
    "case_people": ("(select count(*) from case_people({nobody}))", "0"),
    "approve_case": ("approve_case({nobody}, gen_random_uuid(), 'erase', 'staff:pia')", "not signed in"),
    "erase_case": ("(select count(*) from erase_case({nobody}, '{{}}', 'program:x', ''))", "not open"),
    "hold_place": ("hold_place({nobody}, 'program:x')", "not staff"),
    "hold_end": ("(select count(*) from hold_end({nobody}, 'program:x'))", "not staff"),
    "hold_tell": ("hold_tell()", "0"),
    "is_on_hold": ("is_on_hold({bob})", "False"),
    "retention_ahead": ("(select count(*) from retention_ahead(now()))", "0"),
    "retention_held": ("(select count(*) from retention_held())", "0"),
    "staff_of": ("(staff_of('x')).username is null", "True"),
    "staff_knows": ("staff_knows('pia', '', 'x')", "False"),
    "staff_move": ("staff_move('x', 'y')", "False"),
    "staff_password": ("staff_password('pia', '', 'x', sha256('x'))", "False"),
    "staff_close": ("staff_close('pia', 'program:x', null)", "not staff"),
    "forget_acts": ("forget_acts()", "0"),
    # A new version needs two sign-ins of the privacy staff; whom one concerns are ids and codes.
    "adoption_propose": (
        "adoption_propose({nobody}, {nobody}, 2, '{{}}', '2027-01-01', now(), '{{}}', 'staff:pia', null)",
        "not signed in",
    ),
    "adoption_approve": ("adoption_approve({nobody}, 'x', 'program:x', null)", "not staff"),
    "adoption_withdraw": ("adoption_withdraw({nobody}, 'person', null)", "not staff"),
    "translation_propose": (
        "translation_propose({nobody}, 1, 'de', 'x', 'x', 'x', 'staff:pia', null)",
        "not signed in",
    ),
    "translation_approve": ("translation_approve({nobody}, 'x', 'program:x', null, {nobody})", "not staff"),
    "translation_withdraw": ("translation_withdraw({nobody}, 'person', null)", "not staff"),
    "adoption_run": ("adoption_run({nobody}, {nobody})", "False"),
    "people_alike": ("(select sum(people) from people_alike())", "2"),
    "people_in_order": ("(select count(*) from people_in_order({nobody}, now(), 10))", "2"),
    "update_note": (
        "(select emails from update_note({nobody}, {nobody}, now(), 0, 1, 0, '{{}}', '{{}}', '{{}}', '[]'))",
        "0",
    ),
    "update_groups": ("(select count(*) from update_groups({nobody}))", "0"),
    "update_gather": ("update_gather({nobody})", ""),
    "update_reached": ("(select count(*) from update_reached({nobody}))", "0"),
    "update_silent": ("(select count(*) from update_silent({nobody}, {nobody}, now(), '{{}}'))", "0"),
    "update_answers": ("(select count(*) from update_answers({nobody}, 'UTC'))", "0"),
    "update_people": ("(select count(*) from update_people({nobody}, 'UTC'))", "0"),
    # Emails: the role writes both tables anyway; an entry needs an email of that id.
    "settle_emails": (
        "(select count(*) from settle_emails(array[{nobody}], array[gen_random_uuid()], array[now()], array[{nobody}],"
        " array[now()], array[{nobody}], array['x'::bytea], now()))",
        "0",
    ),
    "lift_suppression": ("lift_suppression({bob}, {nobody})", ""),
    "release_mail_by_staff": (
        "(select count(*) from release_mail_by_staff('program:x', now(), 'a', 'b', null))",
        "not staff",
    ),
}
"""Function that the role may call → an attempt of somebody with nothing but the role, and what comes of it."""

QUEUE = """procrastinate_cancel_job_v1 procrastinate_defer_jobs_v1 procrastinate_defer_periodic_job_v2
    procrastinate_fetch_job_v2 procrastinate_finish_job_v1 procrastinate_notify_queue_abort_job_v1
    procrastinate_notify_queue_job_inserted_v1 procrastinate_prune_stalled_workers_v1 procrastinate_register_worker_v1
    procrastinate_retry_job_v1 procrastinate_retry_job_v2 procrastinate_trigger_abort_requested_events_procedure_v1
    procrastinate_trigger_function_scheduled_events_v1 procrastinate_trigger_function_status_events_insert_v1
    procrastinate_trigger_function_status_events_update_v1 procrastinate_unlink_periodic_defers_v1
    procrastinate_unregister_worker_v1 procrastinate_update_heartbeat_v1"""
"""The queue's own functions: they run as whoever calls them, on tables that the role may write anyway."""


@pytest.fixture
def functions(owner: Any) -> list[tuple[str, str, str, bool]]:
    """Name, arguments as casts of nothing, kind, and whether it runs as its owner."""
    found: list[tuple[str, str, str, bool]] = owner.execute(
        "select p.proname, array_to_string(array(select 'null::' || format_type(t, null) from unnest(p.proargtypes) t), ', '),"
        " p.prokind::text, p.prosecdef from pg_proc p where p.pronamespace = 'public'::regnamespace order by 1"
    ).fetchall()
    return found


def test_each_function_that_is_open_is_listed(functions: list[tuple[str, str, str, bool]], owner: Any) -> None:
    opened = {
        name
        for (name,) in owner.execute(
            "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace"
            " and has_function_privilege('troth_app', p.oid, 'execute')"
        ).fetchall()
    }
    assert opened == FUNCTIONS.keys() | set(QUEUE.split())
    assert opened == privileges.FUNCTIONS | set(QUEUE.split())
    assert len({name for name, *_ in functions}) == len(functions), "A name with two meanings hides one of them."


def test_the_queues_functions_run_as_whoever_calls_them(functions: list[tuple[str, str, str, bool]]) -> None:
    assert not [name for name, _, _, as_owner in functions if as_owner and name in QUEUE.split()]


def test_what_runs_as_its_owner_finds_only_our_tables(owner: Any) -> None:
    """What these call, such as `entry_write`, is without settings of its own and relies on theirs."""
    found = owner.execute(
        "select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"
        " and not coalesce('search_path=public, pg_temp' = any (p.proconfig), false)"
    ).fetchall()
    assert found == [("standing_of",)], "It writes all names out."


def test_no_other_function_can_be_called(functions: list[tuple[str, str, str, bool]], other: Any) -> None:
    closed = [each for each in functions if each[0] not in FUNCTIONS and each[0] not in QUEUE.split()]
    assert len(closed) > 50
    for name, arguments, kind, _ in closed:
        assert not allowed(other, f"{'call' if kind == 'p' else 'select'} public.{name}({arguments})"), name


def test_a_function_gives_somebody_with_the_role_alone_what_is_listed(scene: Scene, other: Any) -> None:
    """Each is called of the same scene: what it does, and what is checked when it ends, is undone before the next one."""
    ended = {}
    for name, (attempt, _) in FUNCTIONS.items():
        call = attempt.format(bob=f"'{scene.bob}'::uuid", grant=f"'{scene.grant.id}'::uuid", nobody=ANYBODY)
        with other.transaction(force_rollback=True):
            ended[name] = outcome(other, call if call.startswith("call ") else f"select {call}")
    assert ended == {name: ends_in for name, (_, ends_in) in FUNCTIONS.items()}


def outcome(other: Any, statement: str) -> str:
    """The code of the refusal, or the value. What is put off until the transaction ends is checked at once."""
    try:
        with other.transaction():
            found = other.execute(statement).fetchone()
            other.execute("set constraints all immediate")
    except psycopg.errors.RaiseException as error:
        said = str(error)
        return (
            "a value" if any(secret in said for secret in {*ALICE.values(), *BOB.values()}) else said.split(":", 2)[1]
        )
    return "" if found is None or found[0] is None else str(found[0])


# What is true of each kind of reader, whoever asks.


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
@pytest.mark.parametrize(
    "call",
    [
        "select * from read_granted({alice}, {grant}, {token})",
        "select read_as_text({alice}, {grant}, {token})",
        "select * from read_pieces({alice}, {grant}, {token})",
        "select * from read_selected(array[{grant}]::uuid[], array[{token}]::bytea[], array[0], array[10])",
        "select grant_use({alice}, gen_random_uuid(), '', 'quotes', array['email'], 'program:x', '', null, '1 hour')",
        "select * from select_people(gen_random_uuid(), 'quotes', 'email', null, 'program:x', '')",
        "select count_people('quotes', 'email', null)",
        "select grant_selection(gen_random_uuid(), '', 'quotes', array['email'], array[0], array[''::bytea], 'program:x', '',"
        " '1 hour')",
    ],
)
def test_what_reads_refuses_a_snapshot_from_before_a_no(scene: Scene, other: Any, level: str, call: str) -> None:
    from troth.gate.door import token

    other.execute(f"set default_transaction_isolation = '{level}'")
    values = {"alice": f"'{scene.alice}'::uuid", "grant": f"'{scene.grant.id}'::uuid"}

    assert outcome(other, call.format(token=f"'{token(scene.grant.id)}'::bytea", **values)) == "old snapshot"

"""Which database role may do what: lists that the start checks and `make run` and the tests apply."""

from collections.abc import Mapping
from typing import Any

from troth.database import LIMITS_MS

APPLICATION = "troth_app"
SEALER = "troth_sealer"

CLOSED = frozenset(
    {
        "person",
        "person_key",
        "datum",
        "choice",
        "entry",
        "entry_chunk",
        "entry_queue",
        "membership",
        "standing",
        "standing_class",
        "law_answer",
        "law_reach",
        "staff_secret",
        "staff_seat",
        "clock_word",
        "joining_offer",
        "progress",
        "event_time",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_session",
    }
)
"""Tables of which the application's role may do nothing at all: it calls the functions."""

READ_ONLY = frozenset(
    {
        "policy_version",
        "policy_adoption",
        "policy_translation",
        "retention_day",
        "law_purpose",
        "law_use",
        "law_collect",
        "law_kept",
        "law_question",
        "origin",
        "cohort",
        "account_person",
        "case_approval",
        "case_event",
        "request_case",
        "join_request",
        "invitation",
        "shared_fact",
        "organization",
        "held_erasure",
        "key_mark",
        "legal_hold",
        "mail_hold",
        "leaf_order",
        "tile",
        "checkpoint",
        "django_migrations",
        "django_content_type",
    }
)

ADDED_TO = frozenset({"act", "datum_mark", "policy_draft", "stored_file"})
"""Tables that grow only: nobody changes or takes out what is there, but a function whose time it is."""

COLUMNS: Mapping[str, frozenset[str]] = {"request_case": frozenset({"business", "noticed_utc", "reminded"})}
"""Columns that the application's role may write of a table that it may only read: what the clock notes of a case."""

_CUSTOMERS = "((role)::text = ''::text)"
GUARDED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "user": {
        "all_read": ("true", ""),
        "customers_are_made": ("", _CUSTOMERS),
        "customers_change": (_CUSTOMERS, _CUSTOMERS),
        "customers_go": (_CUSTOMERS, ""),
    }
}
"""Tables of which the application's role may write some rows only: policy → whose rows, and what they may become."""

FUNCTIONS = frozenset(
    {
        "people_of",
        "people_at",
        "has_address",
        "pieces_of",
        "uses_of_data",
        "newest_of",
        "read_pieces",
        "let_go_of",
        "note_signal",
        "keep",
        "person_key_of",
        "grant_use",
        "read_granted",
        "look",
        "read_as_text",
        "note_refused",
        "claim_emails",
        "settle_emails",
        "release_mail_by_staff",
        "lift_suppression",
        "plan_emails",
        "spread_emails",
        "ordinals_of",
        "grant_selection",
        "read_selected",
        "disclose",
        "choose",
        "note",
        "held",
        "answers",
        "region_held",
        "history",
        "past_count",
        "past_page",
        "past_outline",
        "select_people",
        "standing_of",
        "standings_of",
        "topic_codes",
        "let_go",
        "law_current",
        "now_utc",
        "clock_words",
        "enroll",
        "organization_of",
        "organization_members",
        "organization_admins",
        "organization_at",
        "organization_found",
        "organization_ask",
        "organization_withdraw",
        "organization_decide",
        "organization_invite",
        "organization_answer",
        "organization_uninvite",
        "organization_expire",
        "organization_role",
        "organization_leave",
        "organization_share",
        "organization_shared",
        "bulk_uses_of",
        "join_account",
        "joining_offers",
        "answer_offer",
        "account_addresses",
        "approve_case",
        "case_people",
        "erase_case",
        "hold_place",
        "hold_end",
        "hold_tell",
        "is_on_hold",
        "retention_ahead",
        "retention_held",
        "unconfirmed_gone",
        "leave_address",
        "close_account",
        "event_note",
        "reckon_some",
        "count_people",
        "case_open",
        "case_step",
        "case_unnote",
        "case_forget",
        "staff_of",
        "staff_knows",
        "staff_move",
        "staff_password",
        "staff_close",
        "forget_acts",
        "people_alike",
        "people_in_order",
        "adoption_propose",
        "adoption_approve",
        "adoption_withdraw",
        "adoption_run",
        "update_note",
        "update_reached",
        "update_groups",
        "translation_propose",
        "translation_approve",
        "translation_withdraw",
        "update_gather",
        "update_silent",
        "update_answers",
        "update_people",
    }
)
"""Functions that the application's role may call. All our others are closed."""

_SEALER_TABLES: Mapping[str, str] = {
    "entry_queue": "select, delete",
    "leaf_order": "select, insert",
    "tile": "select, insert, update",
    "checkpoint": "select, insert",
}
_SEALER_FUNCTIONS = frozenset({"sealer_note", "clock_mark", "clock_words"})
"""All that the sealer's role may do."""

_VARIABLES: Mapping[str, str] = {APPLICATION: "DATABASE_URL", SEALER: "TROTH_SEALER_URL"}
_QUEUE = "procrastinate_"
"""What the queue's own functions begin with: the application may call them all."""


class WrongRole(Exception):
    """The server runs under a database role with other privileges than the list."""


def apply(cursor: Any) -> None:
    """Gives application and sealer exactly the listed privileges. Run by the owner after every migration."""
    for role in _roles(cursor):
        _revoke_all(cursor, role)
        for table in _tables(cursor):
            if rights := rights_of(table, role):
                cursor.execute(f'grant {rights} on table "{table}" to {role}')
            if columns := _columns(table, role):
                cursor.execute(f'grant update ({", ".join(sorted(columns))}) on table "{table}" to {role}')
        for name, signature in _functions(cursor):
            if _callable(name, role):
                cursor.execute(f"grant execute on routine {signature} to {role}")
    for sequence in _sequences(cursor):
        if sequence != "person_ordinal":
            cursor.execute(f'grant usage on sequence "{sequence}" to {APPLICATION}')


def check(cursor: Any, *, role: str = APPLICATION) -> None:
    """Nothing, if the connected role has exactly the privileges of `role`. Raises WrongRole with what to do."""
    cursor.execute(
        "select rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,"
        " exists (select from pg_auth_members m where m.member = r.oid) from pg_roles r where rolname = current_user"
    )
    found, *powers = cursor.fetchone()
    instead = f"Run it as {role}: set {_VARIABLES[role]}."
    if any(powers):
        raise WrongRole(f"The database role {found} is a superuser, or may become another role. {instead}")
    cursor.execute(
        "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
        " and pg_has_role(current_user, relowner, 'usage')"
    )
    if cursor.fetchone()[0]:
        raise WrongRole(f"The database role {found} owns tables and could read around the gate. {instead}")
    wrong = [*_wrong_tables(cursor, role), *_wrong_columns(cursor, role), *_wrong_functions(cursor, role)]
    wrong += [*_wrong_policies(cursor), *(["create"] if _may_create(cursor) else [])]
    if wrong:
        raise WrongRole(
            f"The database role {found} has other privileges than this version gives it ({', '.join(wrong[:5])}). "
            "If the program is newer than its database, start troth-prepare again, or run: troth migrate"
        )
    _refuse_settings(cursor, found, role)


def _refuse_settings(cursor: Any, found: str, role: str) -> None:
    """Settings of a role apply to each later connection: none are allowed, since ours bring their own limits."""
    cursor.execute(
        "select coalesce(array_agg(it), '{}') from pg_db_role_setting s, unnest(s.setconfig) it"
        " where s.setrole = (select oid from pg_roles where rolname = current_user)"
    )
    if settings := cursor.fetchone()[0]:
        raise WrongRole(
            f"The database role {found} has settings of its own ({', '.join(sorted(settings)[:5])}); it can make them "
            f"itself. Look who did, then undo them: alter role {found} reset all, and the same with in database."
        )
    cursor.execute("select name, setting::bigint from pg_settings where name = any (%s)", [list(LIMITS_MS[role])])
    if (limits := dict(cursor.fetchall())) != LIMITS_MS[role]:
        raise WrongRole(
            f"The connection of {found} has other time limits than the program sets ({limits}). "
            f"Take options out of {_VARIABLES[role]}, and let a pooler pass them on."
        )


def rights_of(table: str, role: str = APPLICATION) -> str:
    """What the role may do with a table, as SQL grants it; empty where it may do nothing."""
    if role == SEALER:
        return _SEALER_TABLES.get(table, "")
    if table in CLOSED:
        return ""
    if table in ADDED_TO:
        return "select, insert"
    return "select" if table in READ_ONLY else "select, insert, update, delete"


def _columns(table: str, role: str) -> frozenset[str]:
    return COLUMNS.get(table, frozenset()) if role == APPLICATION else frozenset()


def _callable(name: str, role: str) -> bool:
    if role == SEALER:
        return name in _SEALER_FUNCTIONS
    return name in FUNCTIONS or name.startswith(_QUEUE)


def _roles(cursor: Any) -> list[str]:
    """The roles of this server; a separate database may have no sealer."""
    cursor.execute("select rolname from pg_roles where rolname = any (%s) order by 1", [[APPLICATION, SEALER]])
    return [row[0] for row in cursor.fetchall()]


def _revoke_all(cursor: Any, role: str) -> None:
    cursor.execute(f"revoke all on all tables in schema public from {role}, public")
    cursor.execute(f"revoke all on all sequences in schema public from {role}, public")
    for _, signature in _functions(cursor):
        cursor.execute(f"revoke all on routine {signature} from public, {role}")


def _wrong_tables(cursor: Any, role: str) -> list[str]:
    cursor.execute(
        "select c.relname, array_to_string(array(select lower(p) from unnest(array['SELECT','INSERT','UPDATE','DELETE',"
        "'TRUNCATE']) p where has_table_privilege(current_user, c.oid, p)), ', ') from pg_class c"
        " where c.relkind in ('r', 'p', 'v') and c.relnamespace = 'public'::regnamespace"
    )
    found: Mapping[str, str] = dict(cursor.fetchall())
    return sorted(table for table, rights in found.items() if rights != rights_of(table, role))


def _may_create(cursor: Any) -> bool:
    cursor.execute(
        "select has_schema_privilege('public', 'create') or has_database_privilege(current_database(), 'create')"
    )
    return bool(cursor.fetchone()[0])


def _wrong_columns(cursor: Any, role: str) -> list[str]:
    """Tables with other privileges on single columns than the list says."""
    cursor.execute(
        "select c.relname, a.attname, lower(p) from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " and a.attnum > 0 and not a.attisdropped"
        " cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p"
        " where c.relkind in ('r', 'p', 'v') and c.relnamespace = 'public'::regnamespace"
        " and has_column_privilege(current_user, c.oid, a.attnum, p)"
    )
    beyond = {(t, c, p) for t, c, p in cursor.fetchall() if p not in rights_of(t, role).split(", ")}
    stated = {(table, column, "update") for table in COLUMNS for column in _columns(table, role)}
    return sorted({table for table, _, _ in beyond ^ stated})


def _wrong_policies(cursor: Any) -> list[str]:
    """Tables whose row security differs from the list."""
    cursor.execute(
        "select c.relname, p.polname, coalesce(pg_get_expr(p.polqual, p.polrelid), ''),"
        " coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') from pg_class c"
        " left join pg_policy p on p.polrelid = c.oid where c.relnamespace = 'public'::regnamespace"
        " and (c.relrowsecurity or p.oid is not null)"
    )
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for table, name, using, check in cursor.fetchall():
        found.setdefault(table, {})[name] = (using, check)
    cursor.execute("select relname from pg_class where relname = any (%s) and relrowsecurity", [list(GUARDED)])
    unguarded = set(GUARDED) - {row[0] for row in cursor.fetchall()}
    return sorted(
        unguarded | {table for table in found.keys() | GUARDED.keys() if found.get(table) != GUARDED.get(table)}
    )


def _wrong_functions(cursor: Any, role: str) -> list[str]:
    cursor.execute(
        "select p.proname, has_function_privilege(current_user, p.oid, 'execute') from pg_proc p"
        " where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')"
    )
    found = dict(cursor.fetchall())
    missing = (_SEALER_FUNCTIONS if role == SEALER else FUNCTIONS) - set(found)
    return sorted(missing | {name for name, may in found.items() if may != _callable(name, role)})


def _tables(cursor: Any) -> list[str]:
    cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    return [row[0] for row in cursor.fetchall()]


def _sequences(cursor: Any) -> list[str]:
    cursor.execute("select sequencename from pg_sequences where schemaname = 'public' order by 1")
    return [row[0] for row in cursor.fetchall()]


def _functions(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "select p.proname, p.oid::regprocedure::text from pg_proc p"
        " where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')"
    )
    return list(cursor.fetchall())

"""The adopted versions of the policy: the texts that are served, and the law made from them."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any
from uuid import UUID

import orjson
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.policy import Compiled, Finding, Policy, compile, read_policy, snapshot, succession
from troth.policy.meaning import Law
from troth.records.calls import Refusal, refusals, rows
from troth.records.ids import new_id
from troth.records.law.law_rows import find_places, list_law_rows, make_kept_rows

Fetch = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
_KNOWN = "select number, sha256 from policy_version order by number"
_WITH_ANNOUNCED = """
    select number, sha256, null, null, null from policy_version
    union all
    select a.number, d.sha256, a.id, a.second_utc, a.effective_utc from policy_adoption a
    join policy_draft d on d.id = a.draft_id
    where a.second_by <> '' and a.withdrawn_utc is null and a.adopted_utc is null
    order by 1
"""
_ANNOUNCED = """
    select a.number, d.text, d.sha256, case when a.law ->> 'compiler' = %s then a.law ->> 'compiled' else '' end
    from policy_adoption a join policy_draft d on d.id = a.draft_id where a.id = %s
"""
_WITHDRAWN = "select max(withdrawn_utc) from policy_adoption where number = %s and second_by <> ''"
_ADOPTED = """
    select number, text, sha256, case when compiler = %s then compiled else '' end from policy_version
    where %s::integer[] is null or number = any (%s) order by number
"""
_MOST_VERSIONS = 64
_held: ContextVar[list["_Known | DatabaseError"] | None] = ContextVar("law of this request", default=None)
_versions: dict[str, Policy] = {}
"""Hash of the text → the policy, of versions that this process has read."""


class NothingAdopted(Exception):
    """No policy version is adopted yet, so nothing may be collected or used."""


class AdoptedTextChanged(Exception):
    """The stored text of an adopted version is not the one whose hash the ledger holds, or is missing."""


class CannotAdopt(Exception):
    """The text has findings; `findings` names them all."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = "; ".join(str(finding) for finding in findings[:3])
        said = _("The policy has %(count)s findings and can’t be adopted: %(first)s")
        super().__init__(said % {"count": len(findings), "first": first})
        self.findings = findings


@dataclass(frozen=True)
class Version:
    """`compiled`: by this program's compiler, as `snapshot.save` writes it; empty where another one adopted it."""

    number: int
    text: str
    sha256: str
    compiled: str

    def read(self) -> Policy:
        return snapshot.restore(self.compiled, text=self.text) if self.compiled else _read_kept(self.sha256, self.text)


@dataclass(frozen=True)
class Announced:
    """A version that two people approved and that isn't in force yet.   `id`: of its adoption."""

    id: UUID
    policy: Policy
    approved_utc: datetime
    effective_utc: datetime


@dataclass(frozen=True)
class _Known:
    """The law, and with the version that is announced as its current one, where there is one."""

    law: Law
    coming: Law
    announced: Announced | None


def policy() -> Policy:
    """The adopted version in force. Costs one small query; the compiled policy is cached by its hash."""
    known = law()
    return known.versions[known.current]


def policy_at(version: int) -> Policy:
    try:
        return law().versions[version]
    except KeyError as error:
        sentence = _("There is no adopted policy version %(version)s.") % {"version": version}
        raise Refusal("unknown version", sentence) from error


@contextmanager
def one_law() -> Iterator[None]:
    """Inside it, such as within one request, the law is loaded once and stays the same; so does its failure to load."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def law() -> Law:
    """All adopted versions as the law. Raises NothingAdopted."""
    return _know().law


def find_announced() -> Announced | None:
    """The version that takes effect on a day to come; it decides nothing until then."""
    return _know().announced


def coming() -> Law:
    """The law as it will be: with the announced version as its current one. Without one, the law as it is."""
    return _know().coming


def _know() -> _Known:
    held = _held.get()
    if held:
        return _use(held[0])
    found: _Known | DatabaseError
    try:
        found = _load()
    except DatabaseError as error:
        found = error  # kept too: each further try would wait for the connection or the lock once more
    if held is not None:
        held.append(found)
    return _use(found)


def _use(found: "_Known | DatabaseError") -> _Known:
    if isinstance(found, DatabaseError):
        raise found
    return found


def _load() -> _Known:
    found = rows(_WITH_ANNOUNCED)
    known = tuple((number, sha256) for number, sha256, id, *_times in found if id is None)
    if not known:
        raise NothingAdopted("No policy version is adopted. Run: troth policy adopt policy.md")
    return _read_law(known, next((tuple(row) for row in found if row[2] is not None), None))


def list_adopted() -> list[Version]:
    return _list(rows)


def complete(cursor: Any) -> None:
    """Fills in what versions lack that were adopted by an older release: compiled policies, rules about keeping."""
    _compile_again(cursor)
    cursor.execute(
        "select number, sha256, text from policy_version v where exists"
        " (select from law_collect c where c.version_id = v.number and c.sensitivity = '') order by number"
    )
    for number, sha256, text in cursor.fetchall():
        for kind in _read_kept(sha256, text).kinds.values():
            cursor.execute(
                "update law_collect set sensitivity = %s where version_id = %s and kind = %s",
                [kind.sensitivity, number, kind.id],
            )
    cursor.execute(
        "select number, sha256, text from policy_version v where not exists"
        " (select from law_kept k where k.version_id = v.number) order by number"
    )
    for number, sha256, text in cursor.fetchall():
        cursor.execute(
            "insert into law_kept (kind, version_id, number, unit, after) select kind, %s, number, unit, after"
            " from jsonb_to_recordset(%s::jsonb) as r (kind text, number integer, unit text, after text)",
            [number, json.dumps(make_kept_rows(_read_kept(sha256, text)))],
        )
    _complete_places(cursor)


def _complete_places(cursor: Any) -> None:
    cursor.execute(
        "select number, sha256, text from policy_version v where exists"
        " (select from law_kept k where k.version_id = v.number and k.place is null) order by number"
    )
    for number, sha256, text in cursor.fetchall():
        places = json.dumps(find_places(_read_kept(sha256, text)))
        cursor.execute(
            "update law_kept set place = coalesce(%s::jsonb ->> kind, '') where version_id = %s", [places, number]
        )


def _compile_again(cursor: Any) -> None:
    """Compiles each version that another release compiled, or none."""
    cursor.execute(
        "select number, sha256, text from policy_version where compiler <> %s order by number",
        [snapshot.find_compiler()],
    )
    for number, sha256, text in cursor.fetchall():
        _store_compiled(cursor, number, _read_kept(sha256, text))


def _store_compiled(cursor: Any, number: int, policy: Policy) -> None:
    cursor.execute(
        "update policy_version set compiler = %s, compiled = %s where number = %s",
        [snapshot.find_compiler(), snapshot.save(policy), number],
    )


def verify_adopted() -> None:
    """Nothing, if every version that the ledger says was adopted is there, with the hash of its entry.

    What was compiled of its text is compared, too: processes read that instead of the text.
    Raises  AdoptedTextChanged."""
    noted = dict(rows("select version, payload ->> 'sha256' from history(%s) where kind = 'adopted'", [NOBODY]))
    stored = list_adopted()
    for missing in sorted(noted.keys() - {version.number for version in stored}):
        raise AdoptedTextChanged(
            f"Version {missing} of the policy was adopted and is missing. "
            "Restore the database's table policy_version from a backup before starting."
        )
    for version in stored:
        actual = hashlib.sha256(version.text.encode()).hexdigest()
        if not actual == version.sha256 == noted.get(version.number):
            raise AdoptedTextChanged(
                f"Version {version.number} of the policy was changed after it was adopted. "
                "Restore the database's table policy_version from a backup before starting."
            )
        if version.read() != _read_kept(version.sha256, version.text):
            raise AdoptedTextChanged(
                f"What was compiled of version {version.number} of the policy is not what its text says. "
                "Restore the database's table policy_version from a backup before starting."
            )


@dataclass(frozen=True)
class PreparedLaw:
    """A text that can be adopted next, and its law as the database takes it, in JSON: rows, and the compiled policy."""

    policy: Policy
    law: str


def adopt(text: str, *, by: str, using: BaseDatabaseWrapper = connection) -> Policy:
    """The policy, now in force. `using` is the owner's connection: no other may adopt.

    Raises  CannotAdopt with all findings; Refusal if the version is not the next."""
    with refusals(), transaction.atomic(using=using.alias), using.cursor() as cursor:
        fetch = functools.partial(_fetch, cursor)
        ((held,),) = fetch("select exists (select from datum)", ())
        today = timezone.localdate()
        # Nobody has to hear of a change as long as nobody's data is held: a new site adopts its earlier versions.
        made = _prepare(text, _read_versions(fetch(_KNOWN), fetch), announced=today if held else None, starts=today)
        new = made.policy
        cursor.execute(
            "select adopt(%s, %s, %s, %s, %s, %s::jsonb, %s)",
            [new.version, new.text, new.sha256, new.effective, by, made.law, new_id()],
        )
    return new


def announce(text: str, *, id: UUID, zone: tzinfo, by: str, using: BaseDatabaseWrapper = connection) -> Policy:
    """The policy, which takes effect when its date begins in `zone`. `using` is the owner's connection.

    Raises  CannotAdopt with all findings; Refusal: not the next version, its date has come, another one is open."""
    with refusals(), transaction.atomic(using=using.alias), using.cursor() as cursor:
        fetch = functools.partial(_fetch, cursor)
        made = _prepare(text, _read_versions(fetch(_KNOWN), fetch), announced=timezone.localdate())
        new = made.policy
        starts_utc = datetime.combine(new.effective, time(), tzinfo=zone)
        cursor.execute(
            "select adoption_announce(%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s)",
            [id, new_id(), new.version, new.text, new.sha256, made.law, new.effective, starts_utc, by],
        )
    return new


def _fetch(cursor: Any, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    cursor.execute(sql, values)
    return list(cursor.fetchall())


def prepare(text: str, *, today: date) -> PreparedLaw:
    """What the text puts in force on its date, if it is announced today; nothing is written.   Raises  CannotAdopt."""
    return _prepare(text, _read_versions(rows(_KNOWN), rows), announced=today)


def _prepare(
    text: str, versions: Mapping[int, Policy], *, announced: date | None, starts: date | None = None
) -> PreparedLaw:
    found, new = _findings(text, after=versions, announced=announced, starts=starts), compile_text(text).policy
    if new is None or any(finding.severity == "error" for finding in found):
        raise CannotAdopt(found)
    rules = {**list_law_rows(Law({**versions, new.version: new}, new.version)), "places": find_places(new)}
    made = {**rules, "compiler": snapshot.find_compiler(), "compiled": snapshot.save(new)}
    return PreparedLaw(new, orjson.dumps(made).decode())


def find_adopted_time(version: int) -> datetime:
    """When the version was put in force."""
    return list_adopted_times()[version]


def list_adopted_times() -> dict[int, datetime]:
    """When each version was put in force, by its number.   Cost  1 query."""
    return dict(rows("select number, adopted_utc from policy_version"))


def find_withdrawn_time(version: int) -> datetime | None:
    """When a version of this number was last withdrawn after it had been announced; another may have the number now."""
    at: datetime | None
    ((at,),) = rows(_WITHDRAWN, [version])
    return at


def findings_against(text: str | bytes, *, today: date) -> tuple[Finding, ...]:
    """All findings of a text, by itself and as the next version, if it is announced today."""
    return _findings(text, after=_read_versions(rows(_KNOWN), rows), announced=today)


def _findings(
    text: str | bytes, *, after: Mapping[int, Policy], announced: date | None, starts: date | None = None
) -> tuple[Finding, ...]:
    """`announced`: the day on which people hear of it; None where nobody has to. `starts`: its date, or sooner."""
    compiled = compile_text(text)
    if compiled.policy is None or not after:
        return compiled.findings
    return (*compiled.findings, *succession(after[max(after)], compiled.policy, announced=announced, starts=starts))


NOBODY = "00000000-0000-0000-0000-000000000000"


@functools.lru_cache(maxsize=4)
def _read_law(known: tuple[tuple[int, str], ...], ahead: tuple[Any, ...] | None) -> _Known:
    versions = _read_versions(known, rows)
    law = Law(versions, known[-1][0])
    if ahead is None:
        return _Known(law, law, None)
    number, sha256, id, approved_utc, effective_utc = ahead
    if sha256 not in _versions:
        _versions[sha256] = Version(*rows(_ANNOUNCED, [snapshot.find_compiler(), id])[0]).read()
    new = _versions[sha256]
    return _Known(law, Law({**versions, number: new}, number), Announced(id, new, approved_utc, effective_utc))


def _read_versions(known: Iterable[tuple[int, str]], fetch: Fetch) -> dict[int, Policy]:
    """Number → policy.   Takes  known: numbers and hashes.   Cost  1 query for those that this process has not read."""
    if len(_versions) > _MOST_VERSIONS:
        _versions.clear()
    unknown = [number for number, sha256 in known if sha256 not in _versions]
    for version in _list(fetch, unknown) if unknown else ():
        _versions[version.sha256] = version.read()
    return {number: _versions[sha256] for number, sha256 in known}


def _list(fetch: Fetch, numbers: Sequence[int] | None = None) -> list[Version]:
    """These versions, or all."""
    return [Version(*row) for row in fetch(_ADOPTED, [snapshot.find_compiler(), numbers, numbers])]


@functools.lru_cache(maxsize=8)
def compile_text(text: str | bytes) -> Compiled:
    """The compiled text; the same text is compiled once by a process.   Takes  as `troth.policy.compile`"""
    return compile(text)


@functools.lru_cache(maxsize=64)
def _read_kept(sha256: str, text: str) -> Policy:
    # What was adopted stays law as it can be read, also where a later compiler would find fault with it.
    kept = read_policy(text)
    if kept is None:
        raise AdoptedTextChanged("An adopted version of the policy can no longer be read.")
    return kept

"""Versions in other languages: adopted by the owner, or proposed by one member of staff and approved by another."""

import functools
import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from troth.policy import Policy, Translation, compile_translation, translate
from troth.records.acting import session_token
from troth.records.calls import refusals, rows
from troth.records.ids import new_id
from troth.records.law.versions import NOBODY, AdoptedTextChanged, CannotAdopt, policy_at

_NEWEST = """
    select distinct on (t.version, t.language) t.version, t.language, t.id from policy_translation t
    join policy_version v on v.number = t.version and v.sha256 = t.of_sha256
    where t.adopted_utc is not null order by t.version, t.language, t.adopted_utc desc, t.id desc
"""


def list_translated() -> Mapping[int, Mapping[str, UUID]]:
    """Version → language → its translation that is shown.   Cost  1 query."""
    found: dict[int, dict[str, UUID]] = {}
    for version, language, id in rows(_NEWEST):
        found.setdefault(version, {})[language] = id
    return found


def find_translation(version: int, language: str) -> Policy | None:
    """A version as its translation says it; None where there is none.   Cost  1 query; compiled once a process."""
    id = list_translated().get(version, {}).get(language)
    return read_translation(version, id) if id else None


def read_translation(version: int, id: UUID) -> Policy | None:
    return _translate(policy_at(version), id)


@functools.lru_cache(maxsize=32)
def _translate(policy: Policy, id: UUID) -> Policy | None:
    # What was adopted is shown as it can be read, also where a later compiler would find fault with it.
    ((text,),) = rows("select text from policy_translation where id = %s", [id])
    made = compile_translation(policy, text).draft
    return translate(policy, made) if made else None


def read(policy: Policy, text: str) -> Translation:
    """The translation of a policy, without errors.   Raises  CannotAdopt with all findings."""
    found = compile_translation(policy, text)
    if found.translation is None:
        raise CannotAdopt(found.findings)
    return found.translation


def adopt_translation(text: str, *, version: int, by: str, using: BaseDatabaseWrapper = connection) -> Translation:
    """The translation, now shown. `using` is the owner's connection.   Raises  CannotAdopt, Refusal."""
    policy = policy_at(version)
    made = read(policy, text)
    with refusals(), transaction.atomic(using=using.alias), using.cursor() as cursor:
        cursor.execute(
            "select translation_adopt(%s, %s, %s, %s, %s, %s, %s, %s)",
            [new_id(), version, made.language, text, made.sha256, policy.sha256, by, new_id()],
        )
    return made


def propose_translation(policy: Policy, text: str, *, who: str) -> UUID:
    """The first of two people.   Raises  CannotAdopt; Refusal: another one of this language is open."""
    made, id = read(policy, text), new_id()
    rows(
        "select translation_propose(%s, %s, %s, %s, %s, %s, %s, %s)",
        [id, policy.version, made.language, text, made.sha256, policy.sha256, who, session_token()],
    )
    return id


def approve_translation(id: UUID, *, sha256: str, who: str) -> None:
    """The second person: it is shown from now on.   Raises  Refusal: the same person, another text, not open."""
    rows("select translation_approve(%s, %s, %s, %s, %s)", [id, sha256, who, session_token(), new_id()])


def withdraw_translation(id: UUID, *, who: str) -> None:
    """Raises  Refusal: it was adopted or withdrawn by now."""
    rows("select translation_withdraw(%s, %s, %s)", [id, who, session_token()])


def verify_translations() -> None:
    """Nothing, if every adopted translation is there with the hash of its entry.   Raises  AdoptedTextChanged."""
    entered = rows(
        "select payload ->> 'translation', payload ->> 'sha256' from history(%s) where kind = 'translated'", [NOBODY]
    )
    stored = rows("select id::text, text, sha256 from policy_translation where adopted_utc is not null")
    known = dict(entered)
    for id, text, sha256 in stored:
        if not hashlib.sha256(text.encode()).hexdigest() == sha256 == known.pop(id, None):
            raise AdoptedTextChanged(_CHANGED)
    if known:
        raise AdoptedTextChanged(_CHANGED)


_CHANGED = (
    "A translation of the policy was changed after it was adopted, or is missing. "
    "Restore the database's table policy_translation from a backup before starting."
)

"""Gives stored addresses the index of the present comparable form: an upgrade step, run once by the owner.

It decrypts addresses, so it is a step of `prepare`, not a migration. It goes person by person by id and records how far
it came: if it is interrupted, the next start continues from there.

    datum.blind_index        from the address in the datum
    what rooms keep          the hashes by which they find requests of the same address; each room brings its own step
    user.sealed_address      from the address that was given with the account

If two people become the same, they are not joined: the owner of an account with that address gets an offer
(joining_offer). Two that were joined although their addresses differ, as with ß and ss, are separated again.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from troth.addresses import NoAddress, comparable
from troth.records.ids import NOBODY, new_id
from troth.records.keeping import address_index
from troth.records.upgrading import run_some
from troth.seal import CannotOpen, vault

STEP = "addresses compared by A to Z, NFC and IDNA"

Readdress = Callable[[Sequence[UUID], str], None]
"""What a room does so that its requests are found by an address: (requests, address)."""


@dataclass(frozen=True)
class _Address:
    """One stored address, decrypted: whose it is, the request it was given with, and its index."""

    person: UUID
    datum: UUID
    cause: UUID | None
    text: str
    index: bytes


def readdress_some(cursor: Any, rooms: Sequence[Readdress]) -> bool:
    """Processes a batch of people, and finally the accounts, in the caller's transaction. True if there is more to do.

    Rooms write as the application, outside that transaction: doing it again changes nothing.

    A value that can't be decrypted or is no address keeps its index: nobody finds it, as before."""
    return run_some(cursor, STEP, partial(_readdress_all, cursor, rooms))


def _readdress_all(cursor: Any, rooms: Sequence[Readdress], people: list[UUID]) -> int:
    """How many of these people's addresses changed. Once nobody is left, the accounts follow."""
    if not people:
        _end(cursor, sum(_readdress_account(cursor, *row) for row in _accounts(cursor)))
    return sum(_readdress(cursor, address, rooms) for address in _addresses(cursor, people))


def _addresses(cursor: Any, people: list[UUID]) -> list[_Address]:
    cursor.execute(
        "select d.person_id, d.id, d.request, k.wrapped, d.sealed, d.blind_index from datum d"
        " join person_key k on k.person_id = d.person_id"
        " where d.person_id = any (%s) and d.kind = 'email' and d.sealed is not null order by d.person_id, d.id",
        [people],
    )
    opened = [(row, _open(row[0], row[3], row[4])) for row in cursor.fetchall()]
    return [_Address(row[0], row[1], row[2], text, bytes(row[5])) for row, text in opened if text]


def _readdress(cursor: Any, address: _Address, rooms: Sequence[Readdress]) -> bool:
    """True if its index changed. A person without an account is offered to the account with that address, if any."""
    index = address_index(address.text)
    if address.cause:
        for readdress in rooms:
            readdress([address.cause], address.text)
    if index == address.index:
        return False
    cursor.execute(
        "update datum set blind_index = %s where person_id = %s and id = %s", [index, address.person, address.datum]
    )
    cursor.execute(
        "insert into joining_offer (person_id, made_utc) select %s, now_utc() where not exists"
        " (select from account_person a where a.person_id = %s) on conflict do nothing",
        [address.person, address.person],
    )
    return True


def _accounts(cursor: Any) -> Iterable[tuple[int, UUID, str]]:
    """User, own person, and the address as entered."""
    cursor.execute(
        'select u.id, u.person_id, k.wrapped, d.sealed from "user" u'
        " join datum d on d.person_id = u.person_id and d.kind = 'email' and d.request = u.address_request"
        " join person_key k on k.person_id = u.person_id where u.sealed_address is not null order by u.id"
    )
    for user, person, wrapped, sealed in cursor.fetchall():
        if text := _open(person, wrapped, sealed):
            yield user, person, text


def _readdress_account(cursor: Any, user: int, person: UUID, text: str) -> bool:
    """True if its address changed. An account never gets the address of another account."""
    _part(cursor, user, person, text)
    cursor.execute(
        'update "user" set sealed_address = %s where id = %s and sealed_address <> %s'
        ' and not exists (select from "user" o where o.sealed_address = %s)',
        [_seal(text), user, _seal(text), _seal(text)],
    )
    return bool(cursor.rowcount)


def _part(cursor: Any, user: int, person: UUID, text: str) -> None:
    """Removes from the account the people whose addresses only looked the same: equal if ß is ss, but not now."""
    cursor.execute(
        "select a.person_id from account_person a where a.user_id = %s and a.person_id <> %s"
        " and present_index(a.person_id) <> %s",
        [user, person, address_index(text)],
    )
    others = _addresses(cursor, [other for (other,) in cursor.fetchall()])
    # Not `comparable`: former releases folded the case this way, and theirs is the mistake that is undone here.
    for other in {each.person for each in others if each.text.casefold() == text.casefold()}:
        cursor.execute("delete from account_person where person_id = %s", [other])
        cursor.execute("select account_ends(array[%s]::uuid[])", [other])
        _write(cursor, other, "unlinked", {"way": "another address"})


def _end(cursor: Any, accounts: int) -> None:
    """Records with one entry that addresses were decrypted, and how many changed."""
    cursor.execute("select changed from progress where step = %s", [STEP])
    (changed,) = cursor.fetchone() or (0,)
    cursor.execute("select exists (select from person where id = %s)", [NOBODY])
    if cursor.fetchone()[0]:  # else nothing was ever adopted, and so nothing collected
        _write(cursor, NOBODY, "readdressed", {"data": changed, "accounts": accounts})


def _write(cursor: Any, person: UUID, kind: str, payload: Mapping[str, Any]) -> None:
    cursor.execute("select entry_of_owner(%s, %s, %s, %s::jsonb)", [person, new_id(), kind, json.dumps(payload)])


def _open(person: UUID, wrapped: bytes, sealed: bytes) -> str:
    """The address; empty if it can't be decrypted or is not an address."""
    try:
        text = vault().open(bytes(wrapped), person, "email", bytes(sealed))
        comparable(text)
    except (CannotOpen, NoAddress):
        return ""
    return text


def _seal(text: str) -> bytes:
    return vault().seal_address(comparable(text))

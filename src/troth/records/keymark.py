"""Checks that the master key belongs to this database.

A known value, encrypted at the first start, is decrypted at each start. With another key, stored data could not be
decrypted, and new data would be encrypted with the other key.
"""

from typing import Any

from troth.seal import CannotOpen, SealError, Vault

_USE, _KNOWN = "known value", b"troth"
_SAY = (
    "The master key is not the one that this database was sealed with. Nothing was changed. Put the right key back, or "
    "name its file in TROTH_MASTER_KEY_FILE."
)


class WrongMasterKey(SealError):
    """The master key belongs to another database, or the database to another key."""


def seal(cursor: Any, vault: Vault) -> None:
    """As the owner: stores the known value, encrypted with this key. Raises WrongMasterKey if it has another key."""
    cursor.execute("select sealed from key_mark")
    if cursor.fetchone() is None:
        _refuse_others(cursor, vault)
        cursor.execute("insert into key_mark (id, sealed) values (1, %s)", [vault.hide(_USE, _KNOWN)])
    verify(cursor, vault)


def verify(cursor: Any, vault: Vault) -> None:
    """Nothing, if this key decrypts the known value. Raises WrongMasterKey with what to do."""
    cursor.execute("select sealed from key_mark")
    found = cursor.fetchone()
    try:
        if found is None or vault.show(_USE, bytes(found[0])) != _KNOWN:
            raise WrongMasterKey(_SAY)
    except CannotOpen as error:
        raise WrongMasterKey(_SAY) from error


def _refuse_others(cursor: Any, vault: Vault) -> None:
    """In a database from before there was a known value, the key must decrypt people's keys."""
    cursor.execute("select person_id, wrapped from person_key limit 1")
    if (found := cursor.fetchone()) is None:
        return
    try:
        vault.opener(bytes(found[1]), found[0])
    except CannotOpen as error:
        raise WrongMasterKey(_SAY) from error

"""Sealing: what opens, what does not, and what is found again."""

import base64
import hmac
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.seal import CannotOpen, MissingMasterKey, Vault, make_master_key, vault_at

VAULT = Vault.of(bytes(range(32)))
ALICE, BOB = UUID(int=1), UUID(int=2)


@pytest.mark.asvs("V11.3.3")
@given(value=st.text(), kind=st.sampled_from(["email", "name"]))
def test_a_sealed_value_opens_for_its_person_and_kind_alone(value: str, kind: str) -> None:
    wrapped = VAULT.new_wrapped_key(ALICE)
    sealed = VAULT.seal(wrapped, ALICE, kind, value)

    assert VAULT.open(wrapped, ALICE, kind, sealed) == value
    for person, other_kind in [(ALICE, "phone"), (BOB, kind)]:
        with pytest.raises(CannotOpen):
            VAULT.open(wrapped, person, other_kind, sealed)


@pytest.mark.asvs("V11.3.3")
@given(at=st.integers(0, 40), bit=st.integers(0, 7))
def test_a_changed_bit_never_opens(at: int, bit: int) -> None:
    wrapped = VAULT.new_wrapped_key(ALICE)
    sealed = bytearray(VAULT.seal(wrapped, ALICE, "email", "alice@halden.example"))
    sealed[at % len(sealed)] ^= 1 << bit

    with pytest.raises(CannotOpen):
        VAULT.open(wrapped, ALICE, "email", bytes(sealed))


def test_another_master_key_opens_nothing() -> None:
    wrapped = VAULT.new_wrapped_key(ALICE)
    sealed = VAULT.seal(wrapped, ALICE, "email", "alice@halden.example")

    with pytest.raises(CannotOpen):
        Vault.of(bytes(32)).open(wrapped, ALICE, "email", sealed)


def test_the_same_address_seals_to_the_same_bytes_and_opens_again() -> None:
    sealed = VAULT.seal_address("alice@halden.example")

    assert sealed == VAULT.seal_address("alice@halden.example") != VAULT.seal_address("bob@halden.example")
    assert VAULT.open_address(sealed) == "alice@halden.example"


def test_an_index_tells_kinds_apart_and_tokens_tell_powers_apart() -> None:
    subject = uuid4()

    assert VAULT.blind_index("email", "x") != VAULT.blind_index("name", "x")
    assert VAULT.token("masked link", subject) != VAULT.token("full link", subject)


def test_a_token_stays_the_same_for_links_that_were_mailed() -> None:
    subject = UUID(int=7)

    digest = hmac.digest(VAULT.signing, f"open history|{subject}".encode(), "sha256")

    expected = base64.urlsafe_b64encode(digest[:24]).decode()
    assert [VAULT.token("open history", subject) for _ in range(2)] == [expected, expected]


def test_a_missing_master_key_says_where_it_should_be_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingMasterKey, match=r"There is no master key at .*gone\.key.*TROTH_MASTER_KEY_FILE"):
        vault_at(tmp_path / "gone.key")
    (tmp_path / "empty.key").touch()
    with pytest.raises(MissingMasterKey, match=r"empty\.key has 0 bytes instead of 32\. Put the right file back"):
        vault_at(tmp_path / "empty.key")


def test_a_master_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    make_master_key(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert vault_at(path)
    with pytest.raises(FileExistsError):
        make_master_key(path)

"""Signed notes are those of C2SP: Go's published example is read, and what we sign holds for our key alone."""

import stat
from pathlib import Path

import pytest

from troth import notes

# From the documentation of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_example_is_verified_and_comes_out_again_when_signed() -> None:
    verifier = notes.Verifier.parse(GO_KEY)
    assert notes.open_note(GO_NOTE, [verifier]) == (GO_TEXT, verifier)
    signer = notes.Signer.parse(GO_SECRET)
    assert str(signer.verifier) == GO_KEY
    assert str(signer) == GO_SECRET
    assert signer.sign(GO_TEXT) == GO_NOTE


@pytest.mark.parametrize("change", [("problem,", "problems,"), ("x08go/Z", "x08go/A"), ("PeterNeumann x", "Peter x")])
def test_a_changed_note_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(notes.NoteProblem, match="None of the trusted keys"):
        notes.open_note(GO_NOTE.replace(*change), [notes.Verifier.parse(GO_KEY)])


def test_a_note_of_another_key_is_refused(tmp_path: Path) -> None:
    notes.make_key(tmp_path / "ledger.key", name="PeterNeumann")
    with pytest.raises(notes.NoteProblem):
        notes.open_note(GO_NOTE, notes.verifiers_at(tmp_path / "ledger.pub"))


def test_one_of_several_signatures_is_enough(tmp_path: Path) -> None:
    notes.make_key(tmp_path / "ledger.key", name="other")
    both = GO_NOTE + notes.signer_at(tmp_path / "ledger.key").sign(GO_TEXT).rpartition("\n\n")[2]
    text, verifier = notes.open_note(both, notes.verifiers_at(tmp_path / "ledger.pub"))
    assert (text, verifier.name) == (GO_TEXT, "other")
    assert notes.open_note(both, [notes.Verifier.parse(GO_KEY)])[0] == GO_TEXT


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.key"
    notes.make_key(path, name="localhost/ledger")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    signer = notes.signer_at(path)
    assert notes.verifiers_at(notes.public_file(path)) == [signer.verifier]
    with pytest.raises(FileExistsError):
        notes.make_key(path, name="localhost/ledger")
    assert str(notes.signer_at(path)) == str(signer)


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(notes.MissingKey, match="TROTH_LEDGER_KEY_FILE"):
        notes.signer_at(tmp_path / "ledger.key")


@pytest.mark.parametrize("line", ["", "hello", GO_KEY.replace("c74f", "c74e"), GO_KEY[:-4], "+c74f20a3+ARpc"])
def test_what_is_no_key_is_refused_with_a_sentence(line: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.key").write_text(line)
    with pytest.raises(notes.MissingKey):
        notes.signer_at(tmp_path / "ledger.key")
    with pytest.raises(notes.NoteProblem, match="isn't a ledger public key"):
        notes.Verifier.parse(line)

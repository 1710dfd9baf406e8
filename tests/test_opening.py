"""Files that an operator names and that can't be read or written: what is wrong, and what to do."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from troth import configuration, notes, seal
from troth.opening import explain_file_error


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_reason_is_a_number_and_each_says_what_to_do(number: int) -> None:
    said = explain_file_error(OSError(number, os.strerror(number), "/srv/key"))
    assert "Errno" not in said
    assert ". " in said


FOLDER, NO_TEXT = None, b"\xff\xfe"


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (seal._read_master, FOLDER),
        *((read, FOLDER) for read in (notes.signer_at, notes.verifiers_at, configuration.read_file)),
        *((read, NO_TEXT) for read in (notes.signer_at, notes.verifiers_at, configuration.read_file)),
    ],
)
def test_a_file_that_is_none_of_its_kind_is_explained(
    read: Callable[[Path], object], content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.mkdir() if content is None else file.write_bytes(content)
    with pytest.raises((seal.SealError, notes.NoteProblem, configuration.ConfigurationProblem)) as refused:
        read(file)
    assert f"{file}: " in str(refused.value)
    assert not {"Errno", "codec", "byte"} & set(str(refused.value).replace("[", " ").split())


def test_a_command_that_cannot_write_its_file_says_so_without_a_traceback(tmp_path: Path) -> None:
    old, new = tmp_path / "old.md", tmp_path / "none" / "policy.md"
    old.write_text("# Privacy\n\nWe keep your name.\n")
    command = [sys.executable, "-m", "troth", "policy", "start", old, "--organization", "Acme", "--to", new]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"troth: Can't open {new}: it doesn't exist. Check the path." in ended.stderr.splitlines()

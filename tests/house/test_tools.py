"""The targets' scripts: they wait for another installer, and take a Python that other users can reach."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.conftest import ROOT

_APT = """#!/bin/sh
echo "$@" >> {log}
[ "${{LC_ALL:-}}" = C ] || {{ echo "E: Sperre /var/lib/dpkg/lock-frontend konnte nicht bekommen werden."; exit 100; }}
case "$*" in *DPkg::Lock::Timeout*) ;; *) echo "E: Could not get lock /var/lib/dpkg/lock-frontend"; exit 100 ;; esac
if [ "{held}" = released ]; then
    echo "Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 17 (apt-get)..."
    sleep 1
    exit 0
fi
if [ "{held}" = archives ] && [ "$(grep -c . {log})" -gt 1 ]; then
    exit 0
fi
echo "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?"
exit 100
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs in which we are root, whoever runs the test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    _write(folder / "id", "#!/bin/sh\necho 0\n")
    return folder


def _write(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


def need(programs: Path, held: str) -> "subprocess.CompletedProcess[str]":
    _write(programs / "apt-get", _APT.format(log=programs.parent / "asked", held=held))
    environ = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "TROTH_APT_WAIT_SECONDS": "2",
        "LC_ALL": "de_DE.UTF-8",
    }
    script = ROOT / "tools" / "need.sh"
    return subprocess.run(["sh", script, "hello:no-such-program"], env=environ, capture_output=True, text=True)


def test_a_target_waits_for_another_installer_and_says_so(programs: Path) -> None:
    done = need(programs, "released")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Another program installs packages just now. Waiting for it, at most 2 s") == 1
    assert "DPkg::Lock::Timeout=2 install" in (programs.parent / "asked").read_text()


def test_a_lock_that_apt_itself_does_not_wait_for_is_asked_for_again(programs: Path) -> None:
    """Of the archives' folder, for one."""
    done = need(programs, "archives")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Another program installs packages just now. Waiting for it, at most 2 s") == 1


def test_an_installer_that_does_not_end_is_named_rather_than_missing_packages(programs: Path) -> None:
    done = need(programs, "for ever")
    assert done.returncode == 1
    assert "Another program still installs packages after 2 s. When it is done, try again." in done.stderr
    assert "Missing Debian packages" not in done.stderr


def test_a_python_that_lies_in_roots_folder_is_not_taken_for_the_environment(programs: Path, tmp_path: Path) -> None:
    _write(programs / "python3", '#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
    _write(
        programs / "setpriv", "#!/bin/sh\nfor word; do last=$word; done\ncase $last in /usr/*) ;; *) exit 1 ;; esac\n"
    )
    environ = {**os.environ, "PATH": f"{programs}:/usr/bin:/bin"}
    (tmp_path / "clone").mkdir()
    done = subprocess.run(
        ["sh", ROOT / "tools" / "venv.sh"], cwd=tmp_path / "clone", env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"Other users cannot reach {programs}/python3; taking /usr/bin/python3." in done.stdout
    python = tmp_path / "clone" / ".venv" / "bin" / "python"
    assert python.resolve().is_relative_to("/usr")
    pip = [python, ROOT / "tools" / "bundled_pip.py", "--version"]
    assert subprocess.run(pip, capture_output=True, text=True).stdout.startswith("pip ")


def test_bytecode_is_written_before_a_start_that_copies_the_packages_and_once(programs: Path, tmp_path: Path) -> None:
    """Where other users cannot read this folder: what is written beside a start would not be in their copy."""
    _write(programs / "setpriv", "#!/bin/sh\nexit 1\n")
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "installed").touch()
    _write(environment / "bin" / "python", f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    for _start in range(2):
        done = subprocess.run(
            ["sh", ROOT / "tools" / "bytecode.sh", ".venv/bin"],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "asked").read_text() == "-m compileall -q -j 2 -x /(tests?|testing)/ .venv/lib\n"

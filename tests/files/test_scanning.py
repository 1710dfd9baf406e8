"""Attachments are looked at by ClamAV where the site names its daemon: a stand-in, and the real one where it is there."""

import os
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.files.test_attachments import write
from tests.visits import text

from troth.collection.forms import scanning

pytestmark = pytest.mark.usefixtures("filed")

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STARTS_WITHIN_SECONDS = 30


@pytest.fixture
def clamd(settings: Any) -> Iterator[None]:
    """A daemon that speaks the protocol of clamd and knows one virus."""

    class Speaks(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.readline() in (b"nINSTREAM\n", b"zINSTREAM\0")
            content = b""
            while size := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(size)
            self.wfile.write(b"stream: Eicar-Signature FOUND\n" if EICAR in content else b"stream: OK\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Speaks) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        settings.TROTH_CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


@pytest.fixture
def real_clamd(tmp_path: Path, settings: Any) -> Iterator[str]:
    """ClamAV's own daemon with one signature of ours; it needs none of the database that ClamAV downloads."""
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("there is no clamd here")
    signatures, listens = tmp_path / "signatures", tmp_path / "clamd.ctl"
    signatures.mkdir()
    (signatures / "ours.ndb").write_text(f"Ours.Test:0:*:{EICAR.hex()}\n")
    stated = {"DatabaseDirectory": signatures, "LocalSocket": listens, "TemporaryDirectory": tmp_path}
    (tmp_path / "clamd.conf").write_text("Foreground yes\n" + "".join(f"{it} {stated[it]}\n" for it in stated))
    with subprocess.Popen([program, "-c", tmp_path / "clamd.conf"], stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(listens)
            settings.TROTH_CLAMD = str(listens)
            yield str(listens)
        finally:
            process.terminate()


def _wait_for(path: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        with socket.socket(socket.AF_UNIX) as asking:
            if asking.connect_ex(str(path)) == 0:
                return
        assert time.monotonic() < ends, "clamd did not start."
        threading.Event().wait(0.05)


@pytest.mark.asvs("V5.4.3")
def test_a_file_with_a_virus_is_refused_and_a_clean_one_is_taken(clamd: None) -> None:
    assert "virus scanner found something" in text(write(("page.txt", EICAR)))
    assert write(("page.txt", b"clean " * 30_000)).status_code == 303


def test_clamd_itself_refuses_what_a_signature_of_its_names(real_clamd: str) -> None:
    assert scanning.ask_version(real_clamd).startswith("ClamAV")
    assert "virus scanner found something" in text(write(("page.txt", b"a log\n" + EICAR)))
    assert write(("page.txt", b"clean " * 30_000)).status_code == 303


def test_no_file_is_taken_while_nobody_looks_for_viruses(settings: Any) -> None:
    settings.TROTH_CLAMD = "127.0.0.1:9"
    assert "can’t check files for viruses right now" in text(write(("page.txt", b"clean")))
    assert write().status_code == 303

"""Whoever takes mail in is killed (-9) again and again: no mail is lost, none is there or answered twice."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from troth.collection.mailbox import intake
from troth.collection.mailbox.models import KeptMail
from troth.records import stored
from troth.uses.inquiries.models import Inquiry

KILLS = 2 * int(os.environ.get("TROTH_KILLS", "3"))
MAILS = 3 * KILLS
# A mail server's folder, taken in by one process after another: each is killed after a while, the last one is not.
# A process is forked, so that dying costs no start; it takes what is there, then reads it, as `troth work` does.
TAKING = """
import os, random, signal, sys, time
from pathlib import Path
import django
django.setup()
from datetime import UTC, datetime
from troth.collection.mailbox import actions, intake
folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), random.Random(13)

def take():
    for file in sorted(folder.iterdir()):
        intake.keep(file.read_bytes(), way="lmtp", at_utc=datetime.now(UTC))
        file.unlink()
        if len(list(folder.iterdir())) % 3 == 0:
            actions.settle_all(at_utc=datetime.now(UTC))
    actions.settle_all(at_utc=datetime.now(UTC))

died = 0
while True:
    child = os.fork()
    if child == 0:
        take()
        os._exit(0)
    if died < kills:
        time.sleep(seed.uniform(0.02, 0.25))
        os.kill(child, signal.SIGKILL)
    died += 1
    if os.waitpid(child, 0)[1] == 0:
        print(died - 1)
        break
"""


def _write(number: int) -> bytes:
    return (
        f"Message-ID: <{number}@home.example>\nFrom: Vera {number} <vera{number}@home.example>\n"
        f"To: hello@acme.example\nSubject: A question\n\nHow much is number {number}?\n"
    ).encode()


def test_mail_survives_those_who_take_it_in(site, tmp_path: Path) -> None:
    mails = [_write(number) for number in range(MAILS)]
    for number, mail in enumerate(mails):
        (tmp_path / f"{number:04}").write_bytes(mail)
    command = [sys.executable, "-c", TAKING, str(tmp_path), str(KILLS)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True, timeout=300)
    assert int(done.stdout) >= min(3, KILLS)
    kept = list(KeptMail.objects.all())
    assert sorted(intake.open_raw(mail) for mail in kept) == sorted(mails), "0 lost, 0 doubled."
    assert {mail.state for mail in kept} == {"done"}
    assert sorted(mail.request for mail in kept if mail.request) == sorted(Inquiry.objects.values_list("pk", flat=True))
    assert Inquiry.objects.count() == MAILS
    assert stored.count() == MAILS
    assert all(intake.keep(mail, way="imap", at_utc=datetime.now(UTC)) is None for mail in mails[:5])

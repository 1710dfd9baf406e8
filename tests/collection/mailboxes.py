"""A real IMAP server: Debian's Dovecot, with one mailbox, on this machine alone."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient
from tests.mail import free_port
from tests.tls import certificate

from troth.environment import IncomingMail

USER, PASSWORD = "portal@acme.example", "of-the-mailbox"
_CONFIG = """
protocols = imap
base_dir = {home}/run
log_path = {home}/log
ssl = yes
ssl_cert = <{home}/localhost.pem
ssl_key = <{home}/localhost.pem
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{home}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Mailbox:
    """The server. `put` is what a mail server does; `stop` and `start` are its bad day."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.tls_port = home, free_port(), free_port()
        certificate(home, name="localhost")
        root = os.geteuid() == 0
        owner = pwd.getpwnam("dovecot" if root else getpass.getuser())
        config = _CONFIG.format(
            home=home,
            port=self.port,
            tls_port=self.tls_port,
            password=PASSWORD,
            internal=owner.pw_name,
            login="dovenull" if root else owner.pw_name,
            group="dovecot" if root else str(owner.pw_gid),
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        )
        (home / "dovecot.conf").write_text(config)
        (home / "mail").mkdir()
        if root:
            os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
        (home / "password").write_text(PASSWORD + "\n")
        self.start()

    def start(self) -> None:
        command = ["/usr/sbin/dovecot", "-F", "-c", str(self.home / "dovecot.conf")]
        self.process = subprocess.Popen(command, start_new_session=True)
        deadline = time.monotonic() + 20
        while True:
            try:
                with self.connect():
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """As a machine is lost: asked to end, Dovecot keeps a client for ten seconds after its last command."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def connect(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.connect() as client:
            for mail in mails:
                client.append(folder, mail)

    def empty(self) -> None:
        with self.connect() as client:
            client.select_folder("INBOX")
            if found := client.search():
                client.delete_messages(found)
                client.expunge()

    def incoming(self, **changed: object) -> IncomingMail:
        known = {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": "none",
            "user": USER,
            "password_file": self.home / "password",
        }
        return IncomingMail(**{**known, **changed})


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    home = Path(tempfile.mkdtemp(prefix="troth-mailbox-"))
    home.chmod(0o755)
    server = Mailbox(home)
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)

"""An operator goes from `troth new` to a page over TLS, by the steps of docs/running.md and with the shipped units' commands.

The database is a server of its own with passwords, each process has its own user and its own settings, TLS ends at a proxy,
and email goes to a mail server. What systemd, Caddy and nginx do beside it was tried on a fresh Debian: docs/running.md.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, expect
from tests.installations import answers
from tests.mail import Sink, free_port
from tests.servers import OwnServer, own_server
from tests.tls import Proxy, proxy

from troth import apart, configuration, database, users
from troth.environment import Environment

ROOT = Path(__file__).parent.parent.parent
UNITS = ROOT / "deploy" / "systemd"
_ANSWERS_WITHIN_SECONDS = 60


@dataclass
class Operator:
    """Somebody at the terminal of a machine, with what runs on it."""

    home: Path
    server: OwnServer
    proxy: Proxy
    port: int
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def settings(self) -> Path:
        return self.home / "etc"

    @property
    def base(self) -> str:
        return f"https://localhost:{self.proxy.port}"

    def environ(self) -> dict[str, str]:
        ours = ("TROTH_", "DATABASE_URL", "DJANGO_")
        known = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**known, "SSL_CERT_FILE": str(self.home / "localhost.pem"), "USER": "ines"}

    def runs(self, *words: str | Path, said: str = "") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "troth", "--config", self.settings, *words]
        return subprocess.run(command, cwd=self.home, env=self.environ(), input=said, capture_output=True, text=True)

    def does(self, *words: str | Path, said: str = "") -> str:
        done = self.runs(*words, said=said)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def starts(self, name: str, by: apart.Runner) -> None:
        """The unit's command, as its user, with what its files say and nothing else."""
        unit = (UNITS / f"troth-{name}.service").read_text()
        assert by.user == re.findall(r"^User=(.*)$", unit, re.MULTILINE)[0]
        files = re.findall(r"^EnvironmentFile=/etc/troth/(.*)$", unit, re.MULTILINE)
        (command,) = re.findall(r"^ExecStart=\S+/troth (.*)$", unit, re.MULTILINE)
        known = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
        for file in files:
            known |= configuration.read_file(self.settings / file)
        with (self.home / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(by.command(command), cwd="/", env=by.environ(known), stdout=log, stderr=log)
        self.started.append(process)

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text()

    def doctor(self) -> tuple[bool, dict[str, list[str]]]:
        """Whether nothing is missing, and what is missing by the name of its check."""
        told = json.loads(self.runs("doctor", "--json").stdout)
        found: dict[str, list[str]] = {}
        for line in told["checks"]:
            if line["state"] == "missing":
                found.setdefault(line["check"], []).append(line["says"])
                assert line["fix"], line
        return told["fit"], found


@pytest.fixture
def operator() -> Iterator[Operator]:
    home = Path(tempfile.mkdtemp(prefix="troth-production-", dir="/tmp"))
    home.chmod(0o755)
    with own_server() as server, proxy(home) as front:
        made = Operator(home, server, front, free_port())
        front.upstream = made.port
        yield made
        for process in reversed(made.started):
            process.terminate()
        for process in made.started:
            process.wait(timeout=40)
    for folder in (home, database.home_apart(home / "var")):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mailbox() -> Iterator[tuple[Sink, int]]:
    handler = Sink()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    yield handler, server.port
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root sets up a machine; CI and `make test` run as root")
def test_from_troth_new_to_a_page_over_tls(operator: Operator, mailbox: tuple[Sink, int], browser: Browser) -> None:
    sink, port = mailbox
    _writes_a_site(operator)
    _writes_settings(operator, mail=port)
    operator.does(
        *("database", "init", "--into", operator.settings, "--host", operator.server.address),
        *("--superuser-url", operator.server.superuser_url),
        said="y\n",
    )
    _starts(operator)
    _completes(operator)
    _fit, missing = operator.doctor()
    assert set(missing) <= {"clock"}, missing  # whether a machine's clock is synchronized, no test decides
    _asks_for_a_quote(operator, browser)
    _gets_the_receipt(sink, operator)
    _says_what_each_does(operator)
    _says_what_is_missing_when_it_is(operator)


def _writes_a_site(operator: Operator) -> None:
    operator.settings.mkdir()
    (operator.settings / "troth.env").write_text("")
    said = operator.does("new", "site", said="Acme & Sons\nacme.example\nus-ca\n")
    check = next(line for line in said.splitlines() if "policy check" in line)
    for name, old, new in (
        ("policy.md", '"Street and number", "City, state and ZIP code"', '"1 Main Street", "Irvine, CA 92618"'),
        ("brand.yaml", "One sentence that says what you make.", "Acme makes anvils."),
    ):
        file = operator.home / "site" / name
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    assert "0 warnings" in operator.does(*shlex.split(check, comments=True)[1:])


def _writes_settings(operator: Operator, *, mail: int) -> None:
    (operator.settings / "troth.env").write_text(
        f"TROTH_BASE_URL={operator.base}\nTROTH_PORT={operator.port}\nTROTH_PROXIES=127.0.0.1\n"
        f"TROTH_VAR={operator.home}/var\nTROTH_SITE={operator.home}/site\nTROTH_SMTP=127.0.0.1:{mail}\n"
    )


def _starts(operator: Operator) -> None:
    environment = Environment.read({**configuration.read(operator.settings)})
    for user in ("troth-web", "troth-seal"):
        users.make_user(user)
    said = operator.does("prepare", "--services")
    assert "Adopted version 1 of the policy" in said
    by = apart.runners(environment, say=lambda _sentence: None)
    for name, runner in (("web", by.web), ("work", by.web), ("seal", by.sealer)):
        operator.starts(name, runner)
    deadline = time.monotonic() + _ANSWERS_WITHIN_SECONDS
    while not (answers(operator.port) and operator.log("work") and operator.log("seal")):
        assert time.monotonic() < deadline, operator.log("web") + operator.log("work")
        assert all(process.poll() is None for process in operator.started), operator.log("web")
        time.sleep(0.1)


def _completes(operator: Operator) -> None:
    for name, role in (("ines", "admin"), ("tom", "privacy")):
        password = f"a-long-pass-of-{name}"
        operator.does("staff", "add", name, "--name", name.title(), "--role", role, said=f"{password}\n")
    stick = operator.home / "stick"
    stick.mkdir()
    for key in ("master.key", "ledger.key"):
        shutil.copy(operator.home / "var" / key, stick)
    operator.does("keys", "verify", stick)
    operator.does("backup", operator.home / "backups")


def _asks_for_a_quote(operator: Operator, browser: Browser) -> None:
    context = browser.new_context(base_url=operator.base, ignore_https_errors=True)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_text("Acme makes anvils.").first).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Quotes").click()
    for kind, value in {"name": "Vera Klein", "email": "vera@home.example", "company": "Klein"}.items():
        page.locator(f"#{kind}").fill(value)
    page.locator("#state").select_option("CA")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("^(Your request is (on its way to|with) |We received your request)")
    )
    assert page.url.startswith(f"{operator.base}/receipt/")
    context.close()


def _gets_the_receipt(sink: Sink, operator: Operator) -> None:
    deadline = time.monotonic() + _ANSWERS_WITHIN_SECONDS
    while not any(to == ["vera@home.example"] for to, _mail in sink.taken):
        assert time.monotonic() < deadline, operator.log("work")
        time.sleep(0.1)
    (mail,) = (mail for to, mail in sink.taken if to == ["vera@home.example"])
    assert mail["From"] == "Acme & Sons <privacy@acme.example>"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert f"{operator.base}/" in plain.get_content()


def _says_what_each_does(operator: Operator) -> None:
    assert operator.log("web") == f"Pages of {operator.base} are served on 127.0.0.1:{operator.port}.\n"
    assert operator.log("work") == "Jobs are being run: email, deadlines, deletions that are due.\n"
    assert re.fullmatch(
        r"The ledger is being signed as localhost/ledger, \d entr(?:y|ies) so far.\n", operator.log("seal")
    )


def _says_what_is_missing_when_it_is(operator: Operator) -> None:
    """Each thing that breaks is the one that is named."""
    operator.server.run("grant select on person to troth_app", name="troth")
    (operator.settings / "owner.env").chmod(0o644)
    (operator.home / "var/master.key").chmod(0o640)
    seal = operator.started.pop()
    seal.terminate()
    seal.wait(timeout=20)
    _fit, missing = operator.doctor()
    assert set(missing) - {"clock"} == {"roles", "settings", "keys", "signing"}
    assert "other privileges than this version gives it" in missing["roles"][0]
    assert missing["settings"] == [f"Others may read {operator.settings}/owner.env."]

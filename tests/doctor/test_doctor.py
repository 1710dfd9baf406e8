"""`troth doctor`: each check is shown something that is fine and something that is not."""

import http.server
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.templatetags.static import static
from tests.mail import Sink, free_port, sink
from tests.tls import Proxy, proxy
from tests.visits import staff

from troth import catalog, database, notes, prepare, saved, seal, serve, work
from troth.cli import troth
from troth.cli.web import web
from troth.doctor import CheckState, Line, Patient, examine, fine, is_fit, machine, outside, server
from troth.doctor import site as on_site
from troth.gate import WrongRole

__all__ = ["sink"]

Look = Callable[..., dict[str, list[str]]]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_database_that_is_right_is_said_to_be(site: Any, look: Look) -> None:
    for check in (server.answers, server.roles, server.migrations, on_site.check_policy):
        assert look(check)["missing"] == [], check


def test_a_database_that_is_away_is_said_once_and_stops_no_other_check(look: Look) -> None:
    away = f"postgresql://troth_app@127.0.0.1:{free_port()}/troth"
    assert "doesn't answer" in look(server.answers, database_url=away)["missing"][0]
    refused = re.sub(r"@/\w+", "@/no_such", os.environ["DATABASE_URL"])
    assert "The database refuses us" in look(server.answers, database_url=refused)["missing"][0]
    for check in (server.roles, server.migrations, server.key, on_site.staff, on_site.jobs, on_site.signing):
        found = look(check, database_url=away)
        assert (found["missing"], found["unchecked"]) == ([], ["The database doesn't answer."])


def test_a_site_that_was_never_prepared_lacks_the_next_step_alone(look: Look, tmp_path: Path) -> None:
    """What preparing makes is nobody's loss before it, and what needs tables waits without a word of its own."""
    new = {
        "var": tmp_path,
        "master_key_file": tmp_path / "master.key",
        "ledger_key_file": tmp_path / "ledger.key",
        "database_url": re.sub(r"@/\w+", "@/postgres", os.environ["DATABASE_URL"]),
    }
    assert "its database has no tables" in look(server.migrations, **new)["missing"][0]
    others = (server.roles, server.key, machine.keys, machine.backups, on_site.check_policy, on_site.staff)
    for check in (*others, on_site.pages, on_site.jobs, on_site.signing, outside.static, outside.proxy):
        assert look(check, **new)["missing"] == [], check
    notes.public_file(new["ledger_key_file"]).touch()
    assert len(look(machine.keys, **new)["missing"]) == 2, "where something was signed once, a missing key is a loss"


def test_settings_without_a_database_lead_to_making_one(patient: Patient, tmp_path: Path) -> None:
    away = replace(patient.environment, var=tmp_path, database_url=database.default_url(tmp_path))
    lines = list(server.answers(replace(patient, environment=away, folder=tmp_path)))
    assert [(line.says, line.fix) for line in lines] == [("No database is set up yet.", "troth database init")]
    assert not replace(patient, environment=away, folder=tmp_path).is_demo


def test_a_role_that_may_more_is_named(site: Any, look: Look, superuser: Any) -> None:
    superuser.execute("grant select on person to troth_sealer")
    try:
        assert "The database role troth_sealer has other privileges" in look(server.roles)["missing"][0]
    finally:
        superuser.execute("revoke select on person from troth_sealer")


def test_a_database_of_a_former_version_is_named_and_nothing_is_run_on_it(
    look: Look, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = superuser.execute(
        "select id, name, applied from django_migrations where app = 'troth' order by id desc"
    ).fetchone()
    superuser.execute("delete from django_migrations where id = %s", [row[0]])
    superuser.execute("alter table key_mark rename to not_made_yet")
    monkeypatch.setattr(serve, "run", lambda port: pytest.fail("The pages were opened."))
    try:
        assert look(server.migrations)["missing"] == [f"1 migration is missing, first: troth {row[1]}."]
        for check in (server.roles, server.key, on_site.check_policy, on_site.staff, on_site.jobs, on_site.signing):
            assert look(check)["missing"] == [], "The one that helps is said alone."
        with pytest.raises(WrongRole, match="If the program is newer than its database, start troth-prepare"):
            work.run()
        assert "If the program is newer" in CliRunner().invoke(web).output
    finally:
        superuser.execute("alter table not_made_yet rename to key_mark")
        superuser.execute("insert into django_migrations (id, app, name, applied) values (%s, 'troth', %s, %s)", row)


def test_the_database_of_a_later_version_is_named_and_left_as_it_is(look: Look, superuser: Any) -> None:
    superuser.execute("insert into django_migrations values (9999, 'troth', '9999_later', now())")
    try:
        (said,) = look(server.migrations)["missing"]
        assert "9999_later is not known here" in said
        with pytest.raises(prepare.NotReady, match=r"9999_later is not known here\. Nothing was changed\."):
            prepare.migrate()
    finally:
        superuser.execute("delete from django_migrations where name = '9999_later'")


def test_another_master_key_is_named(site: Any, look: Look, tmp_path: Path, owner: Any) -> None:
    from troth.gate import owner as as_owner

    as_owner.seal_key_mark()
    assert look(server.key)["fine"] == ["The master key is the one of this database."]
    seal.make_master_key(tmp_path / "other.key")
    found = look(server.key, master_key_file=tmp_path / "other.key")
    assert "is not the one that this database was sealed with" in found["missing"][0]


def test_without_a_policy_in_force_it_says_so(look: Look) -> None:
    assert look(on_site.check_policy)["missing"] == ["No policy is in force."]


def test_a_site_with_errors_and_one_that_is_as_it_was_made_are_told(site: Any, look: Look, tmp_path: Path) -> None:
    catalog.new(tmp_path / "site", organization="Acme", today=datetime.now(UTC).date())
    (said,) = look(on_site.check_policy, site=tmp_path / "site")["missing"]
    assert "still says “One sentence that says what you make.”" in said
    (tmp_path / "site/routing.yaml").unlink()
    assert "has 1 error." in look(on_site.check_policy, site=tmp_path / "site")["missing"][0]
    assert not any("could not be" in said for said in look(on_site.check_policy, site=tmp_path / "none")["missing"])


def test_staff_who_are_missing_are_named(site: Any, look: Look) -> None:
    assert len(look(on_site.staff)["missing"]) == 3
    staff("ines", role="admin")
    assert look(on_site.staff)["missing"] == [
        "Nobody can answer privacy requests.",
        "A deletion needs two people to approve it.",
    ]
    staff("tom", role="privacy")
    assert look(on_site.staff) == {"fine": ["2 people can sign in to the console."], "missing": [], "unchecked": []}


def test_jobs_that_nobody_runs_and_email_that_is_held_are_told(site: Any, look: Look, owner: Any) -> None:
    assert look(on_site.jobs)["missing"] == ["No process runs jobs, so no email is sent."]
    owner.execute("insert into procrastinate_workers (last_heartbeat) values (now())")
    assert look(on_site.jobs)["fine"] == ["Jobs are being run."]
    owner.execute(
        "insert into mail_hold (id, since_utc, why, released_by) values (%s, now(), 'restored', '')", [uuid4()]
    )
    assert "All email is held since" in look(on_site.jobs)["missing"][0]
    owner.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    assert "No process runs jobs" in look(on_site.jobs)["missing"][0]


def test_a_ledger_that_nobody_signs_is_told(site: Any, look: Look) -> None:
    assert look(on_site.signing)["missing"] == ["The ledger is not being signed."]


def test_a_ledger_that_is_signed_is_fine(site: Any, look: Look, sealer: Any) -> None:
    sealer.seal()
    assert look(on_site.signing)["fine"] == ["The ledger is being signed."]


def test_a_clock_that_differs_is_told(site: Any, look: Look, time_machine: Any) -> None:
    assert not any("clocks" in said for said in look(server.clock)["missing"])
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=2))
    assert any("s apart" in said for said in look(server.clock)["missing"])


def test_email_that_a_server_takes_is_fine_and_one_that_is_away_is_named(sink: Sink, look: Look, settings: Any) -> None:
    assert "answers unencrypted." in look(outside.mail)["fine"][0]
    settings.TROTH_SMTP_PORT = free_port()
    assert "doesn't answer: Connection refused." in look(outside.mail)["missing"][0]
    assert sink.taken == []


@pytest.fixture
def front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy in front of a site that answers as `answers` says: {path: (status, where it leads)}."""
    answers: dict[str, tuple[int, str]] = {}

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, leads_to = answers.get(self.path, (200, ""))
            self.send_response(status)
            self.send_header("Location", leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *values: Any) -> None:
            """Nothing: the test looks at what is answered."""

    behind = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    with proxy(tmp_path) as made:
        made.upstream, made.answers = behind.server_address[1], answers  # type: ignore[attr-defined]
        yield made
    behind.shutdown()
    behind.server_close()


def test_the_way_from_outside_is_gone_and_what_stands_in_it_is_named(
    front: Proxy, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = f"https://localhost:{front.port}"
    answers = front.answers  # type: ignore[attr-defined]
    assert look(outside.proxy, base_url=base)["fine"] == [f"{base} answers with a valid certificate."]
    monkeypatch.setattr("troth.web.statics.are_collected", lambda: False)
    assert look(outside.static, base_url=base)["missing"] == ["Static files of this version are not collected."]
    monkeypatch.setattr("troth.web.statics.are_collected", lambda: True)
    assert look(outside.static, base_url=base)["fine"] == ["Static files are served."]
    answers["/policy"] = (301, f"{base}/policy")
    assert look(outside.proxy, base_url=base)["missing"] == ["The proxy doesn't say that visitors came by https."]
    answers["/policy"] = (503, "")
    found = look(outside.proxy, base_url=base)
    assert found["unchecked"][0] == "The proxy reaches the pages, which answer 503: see the lines before this one."
    answers |= {"/policy": (502, ""), "/healthz": (502, "")}
    assert "answers 502" in look(outside.proxy, base_url=base)["missing"][0]
    answers[static("troth/css/page.css")] = (404, "")
    assert look(outside.static, base_url=base)["missing"] == ["Static files are answered with 404."]
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "the certificate is not valid: self-signed" in look(outside.proxy, base_url=base)["missing"][0]


def test_an_address_without_https_or_a_named_proxy_is_told(look: Look) -> None:
    assert "without encryption" in look(outside.address, base_url="http://portal.example.com")["missing"][0]
    said = look(outside.address, base_url="https://portal.acme.com", proxies=())["missing"]
    assert said == ["No proxy is named, so all visitors share one rate limit."]
    assert look(outside.address, base_url="https://portal.example.com", proxies=("127.0.0.1",))["missing"] == [
        "https://portal.example.com is the example's address, not yours."
    ]
    assert "This is a demo" in look(outside.address, demo=True)["missing"][0]


def test_pages_that_nobody_serves_are_told(look: Look) -> None:
    assert "Pages are not served on port" in look(on_site.pages, port=free_port())["missing"][0]


def test_a_port_that_another_program_has_is_named_by_doctor_and_at_the_start(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Into no log."""

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as other:
        port = other.server_port
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        assert look(on_site.pages, port=port)["missing"] == [f"Port {port} is taken by another program."]
        thread.join()
        monkeypatch.setenv("TROTH_PORT", str(port))
        monkeypatch.setattr("troth.cli.web._refuse_another_database", lambda environment: None)
        monkeypatch.setattr(serve, "run", lambda **_: pytest.fail("It went on."))
        ended = CliRunner().invoke(web)
    assert ended.exit_code == 1
    assert f"Can't serve pages on 127.0.0.1:{port}: Address already in use." in ended.output
    assert "are served on" not in ended.output


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    """A data folder with both keys, as changes of the environment."""
    seal.make_master_key(tmp_path / "master.key")
    notes.make_key(tmp_path / "ledger.key", name="acme/ledger")
    return {
        "var": tmp_path,
        "master_key_file": tmp_path / "master.key",
        "ledger_key_file": tmp_path / "ledger.key",
    }


def keys_verify(keys: dict[str, Path], folder: Path) -> Any:
    given = {
        "TROTH_VAR": str(keys["var"]),
        "TROTH_MASTER_KEY_FILE": str(keys["master_key_file"]),
        "TROTH_LEDGER_KEY_FILE": str(keys["ledger_key_file"]),
    }
    return CliRunner().invoke(troth, ["keys", "verify", str(folder), "--by", "Ines Weber"], env=given)


def test_keys_without_a_verified_copy_are_told_until_there_is_one(
    keys: dict[str, Path], look: Look, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert len(look(machine.copies, **keys)["missing"]) == 2
    (stick / "master.key").write_bytes(keys["master_key_file"].read_bytes())
    assert "There is no ledger.key in" in keys_verify(keys, stick).output
    (stick / "ledger.key").write_bytes(keys["master_key_file"].read_bytes())
    assert "is not a copy of" in keys_verify(keys, stick).output
    assert len(look(machine.copies, **keys)["missing"]) == 2
    (stick / "ledger.key").write_bytes(keys["ledger_key_file"].read_bytes() + b"\n")
    assert keys_verify(keys, stick).exit_code == 0
    assert [said.split(" was")[0] for said in look(machine.copies, **keys)["fine"]] == [
        "A copy of master.key",
        "A copy of ledger.key",
    ]
    keys["master_key_file"].unlink()
    seal.make_master_key(keys["master_key_file"])
    assert "No copy of master.key" in look(machine.copies, **keys)["missing"][0]


def test_keys_that_others_may_read_or_that_are_gone_are_named(keys: dict[str, Path], look: Look) -> None:
    assert look(machine.keys, **keys)["missing"] == []
    keys["ledger_key_file"].chmod(0o640)
    assert look(machine.keys, **keys)["missing"] == [f"Others may read {keys['ledger_key_file']}."]
    keys["ledger_key_file"].unlink()
    assert "There is no signing key of the ledger at" in look(machine.keys, **keys)["missing"][0]


def test_what_is_another_users_is_left_to_root(
    keys: dict[str, Path], look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pages' own user in a container: the signing key is closed to it, which is right."""
    monkeypatch.setattr("os.geteuid", lambda: keys["ledger_key_file"].stat().st_uid + 1)
    found = look(machine.keys, **keys)
    assert found["missing"] == []
    assert found["unchecked"] == [
        f"{keys[name]} belongs to another user." for name in ("master_key_file", "ledger_key_file")
    ]


def test_a_backup_that_is_missing_or_old_is_told(look: Look, tmp_path: Path) -> None:
    assert look(machine.backups, var=tmp_path)["missing"] == ["There is no backup yet."]
    now = datetime.now(UTC)
    for days, state in ((8, "missing"), (1, "fine")):
        saved.note(tmp_path, saved.BACKUP, "troth.values", by="timer", at_utc=now - timedelta(days=days))
        assert "backup" in look(machine.backups, var=tmp_path)[state][0]


def test_folders_that_cannot_be_written_and_a_full_disk_are_named(
    patient: Patient, look: Look, keys: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(machine.folders, **keys)
    assert any("can't write into" in said and "journal" in said for said in found["missing"])
    for folder in ("journal", "ledger", "files"):
        (keys["var"] / folder).mkdir()
    assert look(machine.folders, **keys)["missing"] == []
    password = keys["var"] / "smtp.password"
    password.touch(mode=0o600)
    smtp = replace(patient.environment.smtp, password_file=password)
    assert look(machine.folders, **keys, smtp=smtp)["missing"] == [
        f"{password} is empty, so we can't sign in to the mail server."
    ]
    password.unlink()
    password.mkdir()
    assert look(machine.folders, **keys, smtp=smtp)["missing"] == [f"{password} is not a file."]
    password.rmdir()
    password.touch(mode=0o600)
    password.write_text("secret\n", encoding="utf-8")
    assert look(machine.folders, **keys, smtp=smtp)["missing"] == []
    assert look(machine.disk, **keys)["missing"] == []
    assert "doesn't exist" in look(machine.disk, var=keys["var"] / "nowhere")["missing"][0]
    monkeypatch.setattr("troth.supervise.LEAST_FREE_BYTES", 2**60)
    assert "MB left" in look(machine.disk, **keys)["missing"][0]


def test_a_check_that_fails_in_its_own_way_is_a_line_and_stops_no_other(patient: Patient) -> None:
    def broken(patient: Patient) -> Iterator[Line]:
        raise KeyError("vera@home.example")
        yield

    found = list(examine(patient, {"broken": broken, "well": lambda _patient: iter([fine("Well.")])}))
    assert [(each.name, each.lines[0].state) for each in found] == [
        ("broken", CheckState.MISSING),
        ("well", CheckState.FINE),
    ]
    assert "vera" not in found[0].lines[0].says
    assert not is_fit(found)


def test_the_steps_come_in_their_order_and_the_end_says_what_to_do_first(site: Any, tmp_path: Path) -> None:
    away = {"DATABASE_URL": f"postgresql://troth_app@127.0.0.1:{free_port()}/troth", "TROTH_VAR": str(tmp_path)}
    said = CliRunner().invoke(troth, ["doctor"], env=away).output
    steps = [line for line in said.splitlines() if line[:1].isdigit()]
    headings = [line.removeprefix("## ") for line in Path("docs/running.md").read_text().splitlines()]
    assert steps == [line for line in headings if line[:1] in tuple("345678") and line[1:2] == "."]
    assert "Begin with database: systemctl start postgresql   (or: troth database init)" in said.splitlines()[-1]


def test_as_json_it_has_every_line_and_ends_with_1(site: Any) -> None:
    said = CliRunner().invoke(troth, ["doctor", "--json"])
    assert said.exit_code == 1
    told = json.loads(said.output)
    assert told["fit"] is False
    assert {"database", "roles", "keys", "copies", "policy", "staff", "proxy", "email"} <= {
        line["check"] for line in told["checks"]
    }
    assert {line["state"] for line in told["checks"]} == {"fine", "missing", "unchecked"}


def test_wrong_settings_are_all_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROTH_PORT", "80x")
    monkeypatch.setenv("TROTH_SMTP_TLS", "perhaps")
    said = CliRunner().invoke(troth, ["doctor"])
    assert said.exit_code == 1
    assert said.output.count("MISSING") == 2
    assert "TROTH_SMTP_TLS is “perhaps”; it must be one of: tls, starttls, none." in said.output

"""Each former milestone's data under today's program: brought up to date once, then used as its people would, and lost.

A backup is restored: nobody who forbade something since is used again, and no email leaves before it is released.
"""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, connections
from tests.access.hers import kinds_of, link_of
from tests.accounts import emails_to, sign_in
from tests.filed import attached_to
from tests.upgrade.conftest import Restored
from tests.upgrade.walking import walk
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor
from tests.worlds import kept

from troth import backup, database, gate, notes, prepare
from troth.cases.models import Case
from troth.cli.ledger import ledger_commands
from troth.cli.mail import mail_commands
from troth.environment import Environment
from troth.gate import owner
from troth.outbox import QueuedEmail
from troth.records import journal, ledger, profile, stored
from troth.records.ledger.checkpoints import CheckpointFile
from troth.records.ledger.sealing import Sealer
from troth.security import links
from troth.security.devices import Device

ERASED, RESTRICTED, OPTED_OUT, REMOVED = (
    {"name": name, "email": f"{name.lower()}@mill.example", "news": "Product news"}
    for name in ("Xenia", "Yves", "Zoe", "Wim")
)
MAILED = {"history": "full", "preferences": "choices", "unsubscribe": "unsubscribe"}
"""Page → the power of a link in an email that opens it."""


@pytest.fixture
def before(current: Restored) -> Restored:
    """A site that runs."""
    return current


def test_a_former_milestone_with_columns_in_another_order_is_brought_up_to_date_and_used(
    before: Restored, run_jobs: Any
) -> None:
    walk(before, run_jobs)


def reader(values: dict[str, str]) -> UUID:
    person = kept({kind: values[kind] for kind in ("email", "news")}, channel="form.news").person
    gate.choose(person=person, question="newsletter", version=1, yes=True, way="confirmed by email")
    return person


def test_a_restore_drill(before: Restored, cluster: database.Cluster, tmp_path: Path, run_jobs: Any) -> None:
    people = {values["name"]: reader(values) for values in (ERASED, RESTRICTED, OPTED_OUT, REMOVED)}
    seal_all(before)
    mailed = {page: links.address(link_of(people["Zoe"], power), page) for page, power in MAILED.items()}
    old = backed_up(before, cluster, tmp_path)
    case = forbid(people, run_jobs)
    seal_all(before)
    newest = backed_up(before, cluster, tmp_path, day=2)
    assert newest.keys == old.keys, "only the newest keys are kept"
    browser = visitor()
    assert sign_in(before.facts["bob"]["email"], before.facts["bob"]["password"], client=browser).status_code == 303
    mailed_before, schema = len(outbox(before)), shape(before)

    torn = tear_a_line(journal.of_site().path)

    said = troth(before, "restore", str(old.values), "--why", "the disk was lost")

    assert "Replayed from the journal" in said
    assert f"because they are incomplete or changed: lines {torn}." in said
    assert "All email is held" in said
    forbidden_still(people)
    assert not Case.objects.filter(pk=case.pk).exists(), "the case came after the backup and is lost with it"
    assert owner.differences() == []
    assert owner.older_than_journal() == ""
    assert browser.get("/account/").status_code == 303, "everybody is signed out"
    assert not Device.objects.exists()
    opens = {page: visitor().get(address).status_code for page, address in mailed.items()}
    assert opens == {"history": 404, "preferences": 200, "unsubscribe": 200}, "it may have ended since"
    the_whole_schema_came_back(before, schema)
    no_email_leaves_before_it_is_released(before, run_jobs, mailed_before)
    the_ledger_goes_on(before)


def tear_a_line(file: Path) -> int:
    """Half of a line once more, as a process leaves it that is killed while it writes; its number."""
    lines = file.read_bytes().split(b"\n")  # the last of which is empty
    with file.open("ab") as journal_file:
        journal_file.write(lines[-2][: len(lines[-2]) // 2])
    return len(lines)


def backed_up(site: Restored, cluster: database.Cluster, home: Path, *, day: int = 1) -> backup.Backup:
    at_utc = datetime(2026, 11, day, tzinfo=UTC)
    made = backup.make(
        home / "backups",
        url=site.environ["TROTH_OWNER_URL"],
        programs=cluster.binaries,
        store=store_of(site),
        at_utc=at_utc,
    )
    assert {file.stat().st_mode & 0o777 for file in (made.values, made.keys)} == {0o600}
    return made


def forbid(people: dict[str, UUID], run_jobs: Any) -> Case:
    """One is erased, one restricts, one opts out, one removes a value: each by the page that people have for it."""
    no = visitor().post(links.address(link_of(people["Zoe"], "unsubscribe"), "unsubscribe"), {"do": "stop"}, **BROWSER)
    assert no.status_code in (200, 303)
    proven("restriction", RESTRICTED, run_jobs)
    datum = next(each for each in profile.list_data(people["Wim"]) if each.kind == "news")
    from django.db import transaction

    with transaction.atomic():
        profile.remove_datum(people["Wim"], datum.id, because="removed", way="mailed link")
    case = proven("erasure", ERASED, run_jobs)
    page = f"/console/requests/{case.number}/"
    for who, role in (("pia", "privacy"), ("otto", "admin")):
        assert signed_in(who, role=role).post(page, {"do": "approve", "sure": "yes"}, **BROWSER).status_code in (
            200,
            303,
        )
    assert signed_in("pia", role="privacy").post(page, {"do": "erase", "sure": "yes"}, **BROWSER).status_code in (
        200,
        303,
    )
    run_jobs()
    case.refresh_from_db()
    assert case.state == Case.ANSWERED
    return case


def proven(kind: str, values: dict[str, str], run_jobs: Any) -> Case:
    asked = {"name": values["name"], "email": values["email"], "note": "Please."}
    assert send(visitor(), f"/privacy/requests/{kind}/", asked).status_code == 303
    run_jobs()
    body = emails_to(values["email"])[-1].get_body(("plain",)).get_content()
    page = f"/case/{body.partition('/case/')[2].split()[0]}"
    assert visitor().post(page, {"do": "verify"}, **BROWSER).status_code in (200, 303)
    run_jobs()
    return Case.objects.latest("received_utc")


def shape(site: Restored) -> set[tuple[str, str]]:
    """Every object of ours: tables, columns, indexes, constraints, sequences, triggers, functions, types."""
    with psycopg.connect(site.environ["TROTH_OWNER_URL"]) as looking:
        found = looking.execute(
            "select 'relation', c.relkind::text || c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
            " union all select 'column', a.attrelid::regclass::text || '.' || a.attname || format_type(a.atttypid, a.atttypmod)"
            "   || a.attnotnull::text from pg_attribute a join pg_class c on c.oid = a.attrelid"
            "   where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped"
            " union all select 'constraint', conrelid::regclass::text || conname || contype::text from pg_constraint"
            "   where connamespace = 'public'::regnamespace"
            " union all select 'trigger', tgrelid::regclass::text || tgname from pg_trigger where not tgisinternal"
            " union all select 'function', p.oid::regprocedure::text from pg_proc p"
            "   where p.pronamespace = 'public'::regnamespace"
            " union all select 'type', t.typname from pg_type t where t.typnamespace = 'public'::regnamespace"
        )
        return {(str(kind), str(name)) for kind, name in found.fetchall()}


def the_whole_schema_came_back(site: Restored, before: set[tuple[str, str]]) -> None:
    assert shape(site) == before
    with psycopg.connect(site.environ["TROTH_OWNER_URL"]) as looking:
        others = looking.execute(
            "select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$|^public$'"
        )
        assert others.fetchall() == []


def forbidden_still(people: dict[str, UUID]) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select erased_utc is not null from person where id = %s", [people["Xenia"]])
        assert cursor.fetchone() == (True,)
        cursor.execute("select count(*) from person_key where person_id = %s", [people["Xenia"]])
        assert cursor.fetchone() == (0,)
        cursor.execute("select count(*) from datum where person_id = %s", [people["Xenia"]])
        assert cursor.fetchone() == (0,)
    reached = set(gate.select("newsletter", "email"))
    assert not reached & {people["Xenia"], people["Yves"], people["Zoe"]}
    assert people["Wim"] in reached
    assert [datum.kind for datum in profile.list_data(people["Wim"])] == ["email"]
    assert kinds_of(people["Zoe"])[0] == "chose"


def no_email_leaves_before_it_is_released(site: Restored, run_jobs: Any, mailed_before: int) -> None:
    waiting = QueuedEmail.objects.filter(state="planned").count()
    assert waiting == 0
    assert send(visitor(), "/quote/", {**MARISOL, "email": "nora@newly.example"}).status_code == 303
    run_jobs()
    assert len(outbox(site)) == mailed_before
    held = QueuedEmail.objects.filter(state="held", why=gate.AFTER_RESTORE)
    assert held.count() >= 1
    assert "since the restore" in said_here("show")
    assert "All email is held since" in text(signed_in("pia", role="privacy").get("/console/outbox/"))

    said = said_here("release", "--by", "rosa")

    assert "Email is released" in said
    run_jobs()
    assert "Q-" in emails_to("nora@newly.example")[0]["Subject"]
    assert "No email is held" in said_here("show")


def the_ledger_goes_on(site: Restored) -> None:
    seal_all(site)
    verified = CliRunner().invoke(ledger_commands, ["verify"], env=site.environ)
    assert "The ledger is intact" in verified.stdout
    nobody = UUID(int=0)
    restored = next(entry for entry in ledger.history(nobody) if entry.kind == "restored")
    assert (restored.who.startswith("operator:"), restored.reason) == (True, "the disk was lost")
    folder = Path(site.environ["TROTH_VAR"]) / "ledger"
    assert [file for file in folder.iterdir() if ".until-" in file.name], (
        "what was signed and is lost stays as evidence"
    )


def test_a_backup_that_somebody_loaded_by_hand_is_noticed_before_the_site_opens(
    before: Restored, cluster: database.Cluster, tmp_path: Path, settings: Any
) -> None:
    person = reader(OPTED_OUT)
    old = backed_up(before, cluster, tmp_path)
    gate.choose(person=person, question="newsletter", version=1, yes=False, way="mailed link")
    load(old, before, cluster)
    settings.TROTH_DEMO = False
    with pytest.raises(prepare.NotReady, match="The database is older than this site"):
        prepare.prepare(say=lambda _: None)

    assert "1  chose" in troth(before, "restore")

    prepare.prepare(say=lambda _: None)
    assert person not in set(gate.select("newsletter", "email"))


def test_an_older_checkpoint_than_the_file_has_is_noticed_without_the_journal(
    before: Restored, cluster: database.Cluster, tmp_path: Path
) -> None:
    old = backed_up(before, cluster, tmp_path)
    reader(OPTED_OUT)
    seal_all(before)
    journal.of_site().path.unlink()
    load(old, before, cluster)
    prepare.migrate()
    assert "its last checkpoint has" in owner.older_than_journal()


def test_values_of_somebody_erased_are_opened_by_no_later_keys(
    before: Restored, cluster: database.Cluster, tmp_path: Path, run_jobs: Any
) -> None:
    """An old file of values, and the master key: without her wrapped key they are noise."""
    person, other = reader(ERASED), reader(OPTED_OUT)
    theirs, others = attached_to(person)[0], attached_to(other)[0]
    old = backed_up(before, cluster, tmp_path)
    assert {each.id for each in old.store.files()} == {theirs, others}
    with connections["owner"].cursor() as cursor:
        cursor.execute("select erase(%s, %s, 'staff:pia', 'asked to')", [person, gate.new_id()])
    newer = backed_up(before, cluster, tmp_path, day=2)
    shutil.rmtree(store_of(before))
    assert load(old, before, cluster) == []
    prepare.migrate()
    assert stored.sweep(at_utc=datetime.now(UTC)).missing == ()
    old.values.unlink()
    connections.close_all()
    with psycopg.connect(before.environ["TROTH_OWNER_URL"]) as connection:
        connection.execute("delete from stored_file where id = %s", [theirs])
    backed_up(before, cluster, tmp_path, day=3)
    assert {each.id for each in newer.store.files()} == {others}, "no backup that is left names the other"
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select d.person_id, k.wrapped is null from datum d left join person_key k using (person_id)"
            " where d.person_id = any (%s) and d.kind = 'email'",
            [[person, other]],
        )
        assert dict(cursor.fetchall()) == {person: True, other: False}


def test_a_backup_that_cannot_be_loaded_leaves_the_database_as_it_was(
    before: Restored, cluster: database.Cluster, tmp_path: Path
) -> None:
    person = reader(OPTED_OUT)
    old = backed_up(before, cluster, tmp_path)
    old.values.write_bytes(old.values.read_bytes()[:-2000])
    with pytest.raises(backup.BackupProblem, match="pg_restore failed"):
        load(old, before, cluster)
    assert kinds_of(person)[0] == "chose"
    with pytest.raises(backup.BackupProblem, match="There is no file"):
        backup.Backup.at(tmp_path / "none.values")


def store_of(site: Restored) -> Path:
    return Path(site.environ["TROTH_VAR"]) / "files"


def load(old: backup.Backup, site: Restored, cluster: database.Cluster) -> list[str]:
    connections.close_all()
    return backup.restore(old, url=site.environ["TROTH_OWNER_URL"], programs=cluster.binaries, store=store_of(site))


def troth(site: Restored, *words: str) -> str:
    """What the command says, as an operator with a database of her own runs it."""
    connection.close()
    connections.close_all()
    site_folder = {"TROTH_SITE": os.environ["TROTH_SITE"], "TROTH_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "troth", *words],
        env={**os.environ, **site.environ, **site_folder},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def said_here(*words: str) -> str:
    """What a command about held email says, in this process, whose connections lead to the restored site."""
    done = CliRunner().invoke(mail_commands, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def outbox(site: Restored) -> list[Path]:
    return list((Path(site.environ["TROTH_VAR"]) / "outbox").glob("*.eml"))


def seal_all(site: Restored) -> None:
    connection.close()
    environment = Environment.read(site.environ)
    key = environment.ledger_key_file
    with psycopg.connect(site.environ["TROTH_SEALER_URL"], autocommit=True) as sealing:
        Sealer.open(
            sealing,
            signer=notes.signer_at(key),
            trusted=notes.verifiers_at(notes.public_file(key)),
            file=CheckpointFile(environment.checkpoint_file),
            pause=lambda _: False,
        ).seal_all()


def test_the_journal_says_no_value_and_is_readable_by_its_user_alone(before: Restored, run_jobs: Any) -> None:
    people = {values["name"]: reader(values) for values in (ERASED, RESTRICTED, OPTED_OUT, REMOVED)}
    forbid(people, run_jobs)
    path = journal.of_site().path
    assert {path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777} == {0o600, 0o700}
    written = path.read_text()
    for values in (ERASED, RESTRICTED, OPTED_OUT, REMOVED):
        assert not any(re.search(re.escape(value), written, re.I) for value in values.values())
    assert {act.kind for act in journal.of_site().acts()} >= {"chose", "removed", "erased"}

"""A file that somebody sends with a form: taken as the policy states it, read by its value alone, gone with its value."""

import json
import re
import secrets
import stat
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve
from tests.access.hers import link_of, told
from tests.accounts import ALICE, account
from tests.filed import LOG, PDF
from tests.visits import BROWSER, opened, saved, send, signed_in, text, visitor
from tests.worlds import kept

from troth import catalog, files, gate
from troth.collection import prepared
from troth.collection.downloads import download
from troth.collection.forms.inspecting import look_into
from troth.collection.forms.signatures import Signature
from troth.desk import index
from troth.files import Disk
from troth.records import ledger, profile, stored
from troth.records.stored import StoredFile
from troth.security import links
from troth.uses.inquiries.models import Inquiry

pytestmark = pytest.mark.usefixtures("filed")

BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example", "note": "It stops at night."}
NAME = "pump 3 stopped.log"


def attached(*content: tuple[str, bytes]) -> dict[str, Any]:
    return {"attachment": [SimpleUploadedFile(name, data) for name, data in content]}


def write(*content: tuple[str, bytes], values: dict[str, str] = BOB, client: Any = None) -> Any:
    """The answer to the contact form with these files."""
    return send(client or visitor(), "/contact/", {**values, **(attached(*content) if content else {})})


def on_disk() -> list[Path]:
    return [path for path in Path(settings.TROTH_FILES).glob("**/*") if path.is_file()]


def later() -> datetime:
    """When files that nobody keeps are old enough to go."""
    return datetime.now(UTC) + 2 * stored.GRACE


def test_the_form_says_what_it_takes_and_works_as_plain_html() -> None:
    page = visitor().get("/contact/", **BROWSER).content.decode()
    assert re.search(r'<form [^>]*action="/contact/"[^>]*enctype="multipart/form-data"', page)
    control = re.search(r'<input type="file"[^>]*>', page)
    assert control
    assert 'accept=".pdf,.png,.txt,.log"' in control[0]
    assert " multiple" in control[0]
    assert "PDF, PNG, TXT, LOG, up to 1 MB each. At most 2 files." in page


@pytest.mark.asvs("V5.3.2")
def test_a_file_is_kept_encrypted_with_a_row_and_read_by_its_value_only() -> None:
    sent = write((NAME, LOG), ("valve.pdf", PDF))
    assert sent.status_code == 303, text(sent)
    person = Inquiry.objects.get().person_id
    rows = StoredFile.objects.all()
    assert {(row.person_id, row.prepared) for row in rows} == {(person, None)}
    assert sorted(path.name for path in on_disk()) == sorted(str(row.pk) for row in rows)
    for path in on_disk():
        assert b"pump" not in path.read_bytes()
        assert b"valve" not in path.read_bytes()
    (datum,) = [each for each in profile.list_data(person) if each.kind == "attachment"]
    assert {row.datum for row in rows} == {datum.id}
    grant = gate.grant(person=person, purpose="inquiries", kinds=["attachment"], who="program:test", reason="a look")
    assert isinstance(grant, gate.Grant)
    log, pdf = files.unpack(gate.read(grant).values["attachment"])
    assert (log.name, log.media, log.size) == (NAME, "text/plain", len(LOG))
    assert b"".join(log.parts()) == LOG
    assert b"".join(pdf.parts()) == PDF
    assert stored.sweep(at_utc=later()) == stored.Swept(0, ())


@pytest.mark.asvs("V5.2.1")
@pytest.mark.asvs("V5.2.2")
@pytest.mark.asvs("V1.3.4")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ((("run.exe", b"MZ"),), "We don’t take this kind of file. Choose one of these: PDF, PNG, TXT, LOG."),
        ((("drawing.svg", b"<svg>"),), "We don’t take this kind of file."),
        ((("picture.png", b"MZ is a program"),), "This isn’t a PNG file, whatever its name says."),
        ((("notes.txt", b"a\0b"),), "This isn’t a TXT file"),
        ((("big.log", b"x" * 1_000_001),), "This file is too large. The limit is 1 MB."),
        ((("empty.log", b""),), "This file is empty."),
        ((("4111 1111 1111 1111.log", LOG),), "We can’t use this file’s name."),
        ((("a.log", LOG), ("b.log", LOG), ("c.log", LOG)), "“c.log”: Choose at most 2 files."),
    ],
)
def test_what_is_not_stated_is_refused_beside_the_field_and_nothing_stays(content: Any, sentence: str) -> None:
    answer = write(*content)
    assert answer.status_code == 400
    beside = re.search(r'id="attachment-error">(.*?)</p>', answer.content.decode(), re.S)
    assert beside
    assert sentence in beside[1]
    assert BOB["note"] in text(answer)
    answer.close()
    assert on_disk() == []
    assert not StoredFile.objects.exists()


def test_when_another_field_fails_the_text_stays_and_the_page_asks_for_the_file_again() -> None:
    answer = write((NAME, LOG), values=BOB | {"email": "bob@"})
    assert answer.status_code == 400
    assert BOB["note"] in text(answer)
    assert "Choose the file again. Your browser doesn’t keep it when a form comes back." in text(answer)
    answer.close()
    assert on_disk() == []


def test_sending_the_same_form_twice_keeps_one_file_and_another_file_is_said_to_be_another() -> None:
    client = visitor()
    nonce = opened(client, "/contact/")
    first = send(client, "/contact/", {**BOB, **attached((NAME, LOG))}, nonce=nonce)
    again = send(client, "/contact/", {**BOB, **attached((NAME, LOG))}, nonce=nonce)
    assert (first.status_code, again.status_code) == (303, 303)
    other = send(client, "/contact/", {**BOB, **attached((NAME, LOG + b"!"))}, nonce=nonce)
    assert other.status_code == 409
    again.close()
    other.close()
    assert len(on_disk()) == StoredFile.objects.count() == 1


def test_words_in_the_place_of_a_file_and_files_in_that_of_words_are_refused() -> None:
    words = send(visitor(), "/contact/", {**BOB, "attachment": '[{"key": "00"}]'})
    assert words.status_code == 400
    assert "doesn’t ask for “attachment”" in text(words)
    elsewhere = send(visitor(), "/quote/", {**BOB, **attached((NAME, LOG))})
    assert elsewhere.status_code == 400
    assert not StoredFile.objects.exists()


@pytest.mark.asvs("V5.4.2")
@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("pump.log", 'attachment; filename="pump.log"'),
        ('a"b.log', 'attachment; filename="a\\"b.log"'),
        ("Überdruck.log", "attachment; filename*=utf-8''%C3%9Cberdruck.log"),
        ("a\r\nX-Mine: 1.log", "attachment; filename*=utf-8''a%0D%0AX-Mine%3A%201.log"),
    ],
)
def test_the_name_of_a_download_is_encoded_as_the_header_wants_it(name: str, header: str) -> None:
    assert download([b""], name=name).headers["Content-Disposition"] == header


def test_no_file_is_taken_that_would_not_fit(settings: Any) -> None:
    settings.TROTH_FILES_QUOTA = 1_000_000
    assert write((NAME, LOG)).status_code == 303
    answer = write((NAME, LOG))
    assert answer.status_code == 400
    assert "We can’t take files right now." in text(answer)


@pytest.mark.asvs("V5.3.1")
@pytest.mark.asvs("V5.4.1")
def test_staff_fetch_it_through_the_gate_with_a_reason_and_never_see_it_inline(run_jobs: Any) -> None:
    write((NAME, LOG))
    run_jobs()
    inquiry = Inquiry.objects.get()
    address, staff = f"/console/inquiries/{inquiry.number}/", signed_in("sam", role="support")
    assert NAME not in text(staff.get(address))
    id = str(StoredFile.objects.get().pk)
    assert staff.post(address, {"do": "file", "file": id}, **BROWSER).status_code == 400, "without a reason"
    page = staff.post(address, {"do": "contact", "reason": "to look at the log"}, **BROWSER)
    assert f"Download {NAME} {len(LOG)} bytes" in text(page).replace("\xa0", " ")
    uses = [entry for entry in ledger.history(inquiry.person_id) if entry.kind == "used" and entry.who == "staff:sam"]
    fetched = staff.post(address, {"do": "file", "file": id, "reason": "to look at the log"}, **BROWSER)
    assert saved(fetched) == LOG
    assert fetched.headers["Content-Type"] == "application/octet-stream"
    assert fetched.headers["Content-Disposition"] == f'attachment; filename="{NAME}"'
    assert "no-store" in fetched.headers["Cache-Control"]
    (use,) = uses
    assert "attachment" in use.kinds
    assert use.reason == "to look at the log"
    legal = signed_in("lea", role="privacy")
    assert legal.post(address, {"do": "file", "file": id, "reason": "to look at the log"}, **BROWSER).status_code == 403
    assert visitor().post(address, {"do": "file", "file": id}, **BROWSER).status_code == 302


def test_she_sees_downloads_replaces_and_removes_it_in_her_profile() -> None:
    write((NAME, LOG))
    person = Inquiry.objects.get().person_id
    address = links.address(link_of(person, "full"), "profile")
    client = visitor()
    page = client.post(address, **BROWSER)
    assert NAME in text(page)
    body = page.content.decode()
    file = re.search(r'name="datum" value="([^"]+)"><input type="hidden" name="file" value="([^"]+)"', body)
    assert file
    secret = re.search(r'name="secret" value="([^"]+)"', body)
    assert secret
    hers = {"secret": secret[1], "datum": file[1]}
    assert saved(client.post("/profile/", {**hers, "do": "file", "file": file[2]}, **BROWSER)) == LOG
    stranger = client.post("/profile/", {**hers, "do": "file", "file": str(gate.new_id())}, **BROWSER)
    assert stranger.status_code == 409
    form = client.post("/profile/", {**hers, "do": "edit"}, **BROWSER).content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', form)
    assert nonce
    assert 'enctype="multipart/form-data"' in form
    empty = client.post("/profile/", {**hers, "do": "correct", "nonce": nonce[1]}, **BROWSER)
    assert "Choose a file." in text(empty)
    new = {**hers, "do": "correct", "nonce": nonce[1], **attached(("valve.pdf", PDF))}
    assert "You corrected “Attachment”" in text(client.post("/profile/", new, **BROWSER))
    assert StoredFile.objects.count() == 1
    assert stored.sweep(at_utc=later()).deleted == 1, "the former file"
    (path,) = on_disk()
    assert path.name == str(StoredFile.objects.get().pk)


def test_a_copy_lists_it_and_brings_it_along(run_jobs: Any) -> None:
    alice = account(ALICE, run_jobs)
    write((NAME, LOG), values={"name": "Alice", "email": ALICE["email"], "note": "x"}, client=alice)
    send(alice, "/privacy/requests/copy/", {"name": "Alice", "email": ALICE["email"], "note": "All of it."})
    run_jobs()
    from troth.cases.models import Case

    page = f"/account/requests/{Case.objects.get(kind='copy').number}/"
    assert "Download JSON with your files" in text(alice.get(page))
    copied = alice.post(f"{page}copy.page", **BROWSER)
    shown = text(copied)
    assert NAME in shown
    assert "SHA-256" in shown
    assert f'<a href="{page}">' in copied.content.decode(), "It leads back."
    assert any("You opened a copy of" in each for each in told(Case.objects.get(kind="copy").person_id))
    raw = alice.post(f"{page}copy.json", **BROWSER).content.decode()
    values = [each for person in json.loads(raw)["people"] for each in person["data"] if each["kind"] == "attachment"]
    (listed,) = json.loads(values[0]["value"])
    assert set(listed) == {"name", "media", "size", "sha256"}
    progress = alice.post(f"{page}copy.zip", **BROWSER).headers["Location"]
    run_jobs()
    with zipfile.ZipFile(BytesIO(saved(alice.get(f"{progress}download")))) as archive:
        assert archive.read(f"files/1-{NAME}") == LOG
        assert json.loads(archive.read("data.json"))["format"] == "troth copy 1"
    assert prepared.tidy(at_utc=datetime.now(UTC) + prepared.LASTING) == 1
    assert StoredFile.objects.filter(prepared=None).count() == StoredFile.objects.count() == 1


def test_it_goes_with_her_data_with_its_time_and_by_her_wish(owner: Any) -> None:
    people = []
    for _ in range(3):
        assert write((NAME, LOG)).status_code == 303
        people.append(Inquiry.objects.latest("received_utc").person_id)
    erased, expired, removed = people
    owner.execute("select erase(%s, %s, 'staff:test', 'asked')", [erased, gate.new_id()])
    past = datetime.now(UTC) - timedelta(days=1)
    owner.execute("update datum set kept_until_utc = %s where person_id = %s", [past, expired])
    owner.execute("update standing set settled_until = %s where person_id = %s", [past, expired])
    assert gate.expire() == 1
    datum = next(each for each in profile.list_data(removed) if each.kind == "attachment")
    with transaction.atomic():
        profile.remove_datum(removed, datum.id, because="removed", way="mailed link")
    assert not StoredFile.objects.exists()
    assert stored.sweep(at_utc=later()) == stored.Swept(3, ())
    assert on_disk() == []


def test_what_was_kept_and_rolled_back_goes_and_what_is_young_stays() -> None:
    with transaction.atomic():
        _put_aside()
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert stored.sweep(at_utc=datetime.now(UTC)).deleted == 0, "its transaction may not have ended yet"
    assert stored.sweep(at_utc=later()).deleted == 1


def test_a_file_that_is_gone_or_changed_is_an_alarm(run_jobs: Any) -> None:
    write((NAME, LOG))
    (path,) = on_disk()
    assert list(stored.list_damaged()) == []
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert list(stored.list_damaged()) == [StoredFile.objects.get().pk]
    path.unlink()
    swept = stored.sweep(at_utc=later())
    assert swept.missing == (StoredFile.objects.get().pk,)
    with pytest.raises(stored.FilesMissing):
        swept.refuse_missing()


@pytest.mark.parametrize(
    ("ending", "parts", "fits"),
    [
        ("txt", [b"plain\r\n", b"\x1b[31mred"], True),
        ("txt", [b"begins plain", b"\x00"], False),
        ("log", [b"\xff\xfea\x00b\x00"], True),
        ("csv", [b"caf\xe9;1"], True),
        ("png", [b"\x89PN", b"G\r\n\x1a\n...."], True),
        ("jpg", [b"\xff\xd8\xff\xe0"], True),
        ("jpg", [b"GIF89a"], False),
        ("gif", [b"GIF89a"], True),
        ("pdf", [b"\n\n%PDF-1.4"], True),
        ("pdf", [b"x" * 1024 + b"%PDF-1.4"], False),
        ("zip", [b"PK\x03\x04"], True),
        ("docx", [b"PK\x03\x04"], True),
        ("xlsx", [b"<html>"], False),
        ("json", [b"{}"], True),
    ],
)
def test_a_file_is_known_by_its_content(ending: str, parts: list[bytes], fits: bool) -> None:
    signature = Signature(ending)
    for part in parts:
        signature.look(part)
    assert signature.fits() is fits


def _put_aside() -> None:
    """A file kept with a value, in the caller's transaction."""
    id, key = gate.new_id(), files.new_key()
    writing = files.of_site().begin(id, key)
    writing.write(LOG)
    written = writing.finish()
    one = files.Attached.of(written, id=id, key=key, name=NAME, media="text/plain")
    kept({"email": "bob@northgate.example", "attachment": files.pack([one])}, channel="form.contact")
    assert Disk(Path(settings.TROTH_FILES)).holds(id, stored=written.stored)


def test_a_place_whose_page_takes_no_files_is_named_when_the_policy_is_checked(filed: Any) -> None:
    assert [each for each in catalog.not_offered(filed, index.offer()) if each.id == "no-files-here"] == []
    account = filed.collects["form.account"]
    asks = (*account.asks, replace(account.asks[0], kind="attachment"))
    changed = replace(filed, collects={**filed.collects, account.id: replace(account, asks=asks)})
    (found,) = [each for each in catalog.not_offered(changed, index.offer()) if each.id == "no-files-here"]
    assert "attachment in form.account" in found.message


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("form.quote", "/quote/"),
        ("form.contact", "/contact/"),
        ("form.register", "/register/"),
        ("form.profile", "/account/profile/"),
        ("form.profile", "/profile/"),
        ("form.privacy", "/privacy/requests/copy/"),
        ("form.account", "/account/new/"),
        ("staff.answer", "/console/support/S-2026-0001/"),
    ],
)
def test_the_places_that_the_check_knows_are_those_whose_views_take_files(place: str, address: str) -> None:
    assert getattr(resolve(address).func, "takes_files", False) == (place in index.offer().files)


LINK = zipfile.ZipInfo("server.log")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


def zipped(*content: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content:
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped(("server.log", b"seat not released\n")), ""),
        (zipped(("zeros.log", b"\0" * 30_000_000)), "Unpacked, this archive is too large."),
        (zipped(*((f"{number}.log", b"") for number in range(2_001))), "Unpacked, this archive is too large."),
        (zipped(("Setup.EXE", b"MZ")), "has a program in it"),
        (zipped(("inner.zip", zipped(("a.log", b"a")))), "has another archive in it"),
        *((zipped((f"setup.exe{end}", b"MZ")), "has a program in it") for end in (".", " ", ". .")),
        *(
            (zipped(("a/server.log", b"a"), (name, b"b")), "Unpacked, this archive would write outside")
            for name in (
                "../b.log",
                "a/../../b.log",
                ".. /b.log",
                "a/.. ./b.log",
                "..\\b.log",
                "/etc/b.log",
                "\\b.log",
                "C:\\b.log",
                "C:b.log",
                "//x/y/b",
            )
        ),
        (zipped((LINK, b"/etc/passwd")), "Unpacked, this archive would write outside"),
        (zipped(("a..b/server..log", b"a"), ("...log", b"b")), ""),
        (zipped(("server.log", b"seat not released\n"))[:-30], "We can’t look into this archive"),
    ],
)
def test_an_archive_is_looked_into_and_a_bomb_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    found = look_into(BytesIO(content), len(content))
    assert found.startswith(sentence) if not sentence.startswith("has") else sentence in found
    assert bool(found) == bool(sentence)


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(zipped(("server.log", b"seat not released\n")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert look_into(BytesIO(content), len(content)).startswith("This archive has a password")


def test_an_archive_is_read_as_it_lies_encrypted_in_the_store(tmp_path: Path) -> None:
    content = zipped(("server.log", secrets.token_bytes(3 * files.PART_BYTES)), ("b.log", b"b"))
    writing = Disk(tmp_path).begin(gate.new_id(), files.new_key())
    writing.write(content)
    with writing.look(writing.finish()) as reading:
        assert look_into(reading, len(content)) == ""
        reading.seek(0)
        assert reading.read() == content
    writing.discard()


def test_a_field_of_files_that_nobody_chose_is_an_empty_text_as_browsers_send_it() -> None:
    page = send(visitor(), "/contact/", {**BOB, "attachment": ""})
    assert page.status_code == 303, text(page)

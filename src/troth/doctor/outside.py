"""The outside: the public address, its proxy, static files and the mail server."""

from collections.abc import Iterator
from http import HTTPStatus

from django.contrib.staticfiles.storage import staticfiles_storage
from imapclient.exceptions import IMAPClientError

from troth.collection.forms import scanning
from troth.collection.mailbox import imap
from troth.doctor import Line, Patient, fine, missing, skip
from troth.doctor.asking import Unreachable, ask
from troth.environment import IncomingMail
from troth.outbox import checking
from troth.web import probes, statics

_STYLE = "troth/css/page.css"
_DOCS = "docs/running.md"


def address(patient: Patient) -> Iterator[Line]:
    environment = patient.environment
    if patient.is_demo:
        yield missing("This is a demo: its own database, and emails stay on a local page.", f"Follow {_DOCS}.")
    if not environment.https:
        fix = f"TROTH_BASE_URL=https://… and a proxy: {_DOCS}"
        yield missing(f"People reach {environment.base_url} without encryption.", fix)
        return
    if environment.is_example:
        fix = f"TROTH_BASE_URL=https://… in {patient.folder or 'the folder of settings'}/troth.env, with your own name."
        yield missing(f"{environment.base_url} is the example's address, not yours.", fix)
    else:
        yield fine(f"People are led to {environment.base_url}.")
    if not environment.proxies:
        sentence = "No proxy is named, so all visitors share one rate limit."
        yield missing(sentence, "TROTH_PROXIES=127.0.0.1")


def proxy(patient: Patient) -> Iterator[Line]:
    """The way from the public address to our pages, as a visitor goes it."""
    if not patient.environment.https or patient.is_new:
        yield skip("There is no https address." if not patient.is_new else patient.unready)
        return
    base = patient.environment.base_url
    try:
        answer = ask(f"{base}/policy")
    except Unreachable as problem:
        yield missing(f"{base} doesn't answer: {problem}.", f"Start the proxy; see {_DOCS}.")
        return
    if answer.status in (301, 308) and answer.leads_to == f"{base}/policy":
        yield missing("The proxy doesn't say that visitors came by https.", "Let it set X-Forwarded-Proto.")
    elif answer.status in (200, 404):
        yield fine(f"{base} answers with a valid certificate.")
    elif _is_alive(base):
        yield skip(f"The proxy reaches the pages, which answer {answer.status}: see the lines before this one.")
    else:
        sentence = f"{base} answers {answer.status}, so the proxy doesn't reach the pages."
        yield missing(sentence, "Start troth-web, and let the proxy pass requests to its port with the Host header.")
    yield from _plain(base)


def _is_alive(base: str) -> bool:
    """Whether our server answers behind the address, whatever its pages and database do."""
    try:
        return ask(f"{base}{probes.ALIVE}").status == HTTPStatus.OK
    except Unreachable:
        return False


def _plain(base: str) -> Iterator[Line]:
    host = base.removeprefix("https://")
    if ":" in host:
        return
    try:
        answer = ask(f"http://{host}/policy")
    except Unreachable:
        yield skip(f"http://{host} doesn't answer, so nobody is led from it to https.")
        return
    if answer.leads_to.startswith("https://"):
        yield fine("Plain http is led to https.")
    else:
        yield missing(f"http://{host} answers {answer.status} without encryption.", f"Let the proxy redirect: {_DOCS}")


def static(patient: Patient) -> Iterator[Line]:
    """Collected when the site is prepared, and served by the pages; the proxy may be in the way."""
    if patient.is_new:
        yield skip(patient.unready)
        return
    if not statics.are_collected():
        yield missing("Static files of this version are not collected.", "troth prepare --services   (or: troth run)")
        return
    base = patient.environment.base_url if patient.environment.https else f"http://127.0.0.1:{patient.environment.port}"
    try:
        answer = ask(f"{base}{staticfiles_storage.url(_STYLE)}")
    except Unreachable as problem:
        yield skip(f"{base} doesn't answer: {problem}.")
        return
    if answer.status == 200:
        yield fine("Static files are served.")
    else:
        yield missing(f"Static files are answered with {answer.status}.", "Let the proxy pass /static/ to troth-web.")


def viruses(patient: Patient) -> Iterator[Line]:
    """Asks the daemon for its version: it then takes files, too."""
    where = patient.environment.clamd
    if not where:
        yield skip("Attachments are not scanned for viruses.", "TROTH_CLAMD=/run/clamav/clamd.ctl")
        return
    if version := scanning.ask_version(where):
        yield fine(f"Attachments are scanned by {version}.")
    else:
        yield missing(f"ClamAV doesn't answer at {where}, so no attachment is taken.", "systemctl start clamav-daemon")


def inbox(patient: Patient) -> Iterator[Line]:
    """Signs in to the mailbox as for reading, opens each folder, and reads nothing."""
    incoming = patient.environment.incoming
    if not (incoming.host or incoming.lmtp):
        yield skip("No email comes in.", "TROTH_IMAP=host or TROTH_LMTP=127.0.0.1:port")
        return
    if incoming.host:
        yield from _mailbox(incoming)
    if not incoming.authserv_id:
        yield skip("No mail server's checks are believed, only DKIM signatures.", "TROTH_AUTHSERV_ID=its name")


def _mailbox(incoming: IncomingMail) -> Iterator[Line]:
    where = f"{incoming.host}:{incoming.port}"
    try:
        with imap.connect(incoming) as server:
            missed = [folder for folder in incoming.folders if not server.folder_exists(folder)]
    except (IMAPClientError, OSError, ValueError) as error:
        yield missing(
            f"The mailbox {where} can't be read: {imap.tell_problem(error)}.", "See TROTH_IMAP… in troth.env."
        )
        return
    if missed:
        yield missing(f"The mailbox {where} has no folder {', '.join(missed)}.", "TROTH_IMAP_FOLDERS=INBOX")
    else:
        yield fine(f"The mailbox {where} can be read.")


def mail(patient: Patient) -> Iterator[Line]:
    """Connects and signs in as for an email, and sends none."""
    if patient.is_demo:
        yield skip("In a demo no email leaves.", "TROTH_DEMO=0, and TROTH_SMTP=host:port")
        return
    for checked in checking.check_server():
        yield missing(checked.says, checked.fix) if checked.fix else fine(checked.says)

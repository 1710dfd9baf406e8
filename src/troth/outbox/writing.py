"""Writes an email as MIME: subject, plain text and HTML from the room's templates, with the policy's quotation."""

import logging
import re
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import DatabaseError
from django.template import Context, Engine, engines
from django.template.loader import render_to_string

from troth import in_force
from troth.outbox import emails, pictures
from troth.outbox.layouts import Layouts, RenderedEmail
from troth.outbox.models import FAREWELL, PERSON, QueuedEmail
from troth.outbox.objecting import find_objection
from troth.outbox.pictures import Picture, PictureProblem
from troth.outbox.written import WrittenEmail, lay_out
from troth.security import links, proofs
from troth.security.models import User
from troth.text.times import lasting

logger = logging.getLogger("troth.outbox")
POLICY = default.clone(max_line_length=900)
"""Addresses in headers are unfolded: folding would encode them, and mail programs would find no button."""


_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
"""Written as it is in a head."""


class DoesNotRender(Exception):
    """A template of the email fails; `code` says which line of it does, and holds no value."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Quote:
    """The sentence of the policy that allows the email."""

    quotation: str
    section: str
    title: str
    version: int


@dataclass(frozen=True)
class Prepared:
    """What several emails need of the database: secrets of the links at their foot, and who has proven an address."""

    links: Mapping[tuple[UUID, str], str]
    proven: Set[UUID]


def prepare(several: Sequence[QueuedEmail]) -> Prepared:
    """For emails that are about to be written.   Cost  3 queries."""
    theirs = [email for email in several if email.to == PERSON]
    wanted = [(email.pk, email.person_id, power, email.queued_utc) for email in theirs for power in _powers(email)]
    return Prepared(links.of_emails(wanted), links.list_proven({email.person_id for email in theirs}))


@dataclass(frozen=True)
class _Draft:
    """An email for one reader, before its templates are filled in.

    known, proven  whether the address has an account, whether someone proved to read there"""

    email: QueuedEmail
    address: str
    values: Mapping[str, str]
    links: Mapping[str, str]
    known: bool
    proven: bool

    @property
    def stem(self) -> str:
        return emails.templates_of(self.email.template, known=self.known)

    def render(self, blanks: Mapping[str, str] | None = None) -> RenderedEmail:
        """Takes  blanks: what its values and links say instead.   Raises  DoesNotRender."""
        values, links = self._split(blanks) if blanks is not None else (self.values, self.links)
        context = _context(self.email, values, known=self.known, proven=self.proven, links=links)
        subject = " ".join(_render(f"{self.stem}.subject.txt", context).split())
        html = _render(f"{self.stem}.html", context)
        return RenderedEmail(subject, _render(f"{self.stem}.txt", context), html, _read_pictures(html))

    def name_blanks(self) -> dict[str, str]:
        """What differs from person to person, by name."""
        values = {f"values {kind}": value for kind, value in self.values.items()} if self.proven else {}
        return values | {f"links {name}": link for name, link in self.links.items()}

    @staticmethod
    def _split(blanks: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        named = [(*name.split(" ", 1), value) for name, value in blanks.items()]
        values, links = ({name: it for where, name, it in named if where == of} for of in ("values", "links"))
        return values, links


def write(
    email: QueuedEmail, *, address: str, values: Mapping[str, str], prepared: Prepared, layouts: Layouts
) -> WrittenEmail:
    """The email as it goes over the line; what it has alike with others is laid out once.   Raises  DoesNotRender."""
    draft = _begin(email, address, values, prepared)
    if email.to == PERSON and _PLAIN_ADDRESS.fullmatch(address) and not email.carries.proof:
        blanks = draft.name_blanks()
        layout = layouts.find(_list_alike(draft, blanks), _write_sender(), blanks, draft.render)
        if layout is not None:
            return layout.fill(address, {"To": address, **_list_headers(draft)}, blanks)
    return lay_out(_compose(draft))


def message(
    email: QueuedEmail, *, address: str, values: Mapping[str, str], prepared: Prepared | None = None
) -> EmailMessage:
    """The email as it leaves. Header values are refused by `email` if they hold line breaks."""
    return _compose(_begin(email, address, values, prepared or prepare([email])))


def preview(email: QueuedEmail, *, values: Mapping[str, str]) -> RenderedEmail:
    """The email as its reader gets it, but that its links lead to the start page.   Raises  DoesNotRender."""
    proven = email.to != PERSON or links.is_proven(email.person_id)
    return _Draft(email, "", values, _name_links(email), known=False, proven=proven).render()


def _begin(email: QueuedEmail, address: str, values: Mapping[str, str], prepared: Prepared) -> _Draft:
    proven = email.to != PERSON or email.person_id in prepared.proven
    known = _asks_for_account(email, proven=proven) and User.objects.at(address) is not None
    links_of_it = {} if email.to == FAREWELL else _links(email, prepared)
    return _Draft(email, address, values, links_of_it, known=known, proven=proven)


def _compose(draft: _Draft) -> EmailMessage:
    rendered, mail = draft.render(), EmailMessage()
    mail["Subject"] = rendered.subject
    mail["From"] = _write_sender()
    mail["To"] = draft.address
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in _list_headers(draft).items():
        mail[name] = value
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    pictures.attach(mail, rendered.pictures)
    mail.policy = POLICY if draft.address.isascii() else POLICY.clone(utf8=True)  # RFC 6531
    return mail


def _list_headers(draft: _Draft) -> dict[str, str]:
    """Those of this email alone, but for its reader."""
    email, stop = draft.email, draft.links.get("unsubscribe", "")
    domain = in_force.policy().privacy_email.partition("@")[2]
    own = {"Date": format_datetime(email.queued_utc), "Message-ID": f"<{email.id}@{domain}>"}
    if email.reply_to:
        own["Reply-To"] = email.reply_to
    if stop:
        own |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return own


def _list_alike(draft: _Draft, blanks: Mapping[str, str]) -> Hashable:
    """What two emails have alike that differ in their blanks alone."""
    email = draft.email
    facts = {name: it for name, it in email.facts.items() if name != "link"}
    return (
        email.template,
        email.purpose,
        in_force.policy().version,
        orjson.dumps(facts, option=orjson.OPT_SORT_KEYS),
        tuple(sorted((name, bool(value)) for name, value in blanks.items())),
        draft.known,
        draft.proven,
    )


def _name_links(email: QueuedEmail) -> dict[str, str]:
    """The links that it would have, without their secrets."""
    named = {
        "unsubscribe": email.to == PERSON and _takes_no(email),
        "preferences": email.to == PERSON,
        "accept": email.to == PERSON,
        "decline": email.to == PERSON,
        "case": email.carries.link is not None,
        "history": email.carries.link is not None,
        "proof": email.carries.proof is not None,
    }
    return {name: settings.TROTH_BASE_URL for name, is_there in named.items() if is_there}


def _render(template: str, context: Mapping[str, Any]) -> str:
    """Raises  DoesNotRender: whatever it was, this email alone waits for it."""
    try:
        return _fill_in(template, context)
    except DatabaseError:
        raise
    except Exception as error:
        place = _find_line(template, context)
        logger.error("The template %s of an email fails.", place, exc_info=error)
        raise DoesNotRender(f"template {place}") from error


def _read_pictures(html: str) -> tuple[Picture, ...]:
    """Raises  DoesNotRender: one is gone, so the email waits until it is there again."""
    try:
        return pictures.read_shown(html)
    except PictureProblem as problem:
        raise DoesNotRender("picture") from problem


def _fill_in(template: str, context: Mapping[str, Any]) -> str:
    """What is no HTML has the words themselves: O'Reilly & Sons, not O&#x27;Reilly &amp; Sons."""
    if template.endswith(".html"):
        return render_to_string(template, dict(context))
    found = engines["django"].get_template(template)
    return str(found.template.render(Context(dict(context), autoescape=False)))  # type: ignore[attr-defined]


def _find_line(template: str, context: Mapping[str, Any]) -> str:
    """Which line of which template fails: it is rendered once more by an engine that keeps book of lines."""
    usual: Engine = engines["django"].engine  # type: ignore[attr-defined]
    keeps_book = Engine(
        dirs=usual.dirs,
        loaders=usual.loaders,
        libraries=usual.libraries,
        builtins=usual.builtins,
        autoescape=template.endswith(".html"),
        debug=True,
    )
    try:
        keeps_book.get_template(template).render(Context(dict(context)))
    except Exception as error:
        found = getattr(error, "template_debug", None) or {}
        return f"{_shorten(found['name'], usual)}:{found['line']}" if found else template
    return template


def _shorten(file: str, engine: Engine) -> str:
    """The name by which the template is known, such as quotes/emails/receipt.txt."""
    within = (folder for folder in engine.dirs if Path(file).is_relative_to(folder))
    return next((str(Path(file).relative_to(folder)) for folder in within), file)


def _write_sender() -> str:
    policy = in_force.policy()
    return _write_address(policy.short_name, policy.privacy_email)


@lru_cache(maxsize=1)  # each email is from the same
def _write_address(name: str, address: str) -> str:
    user, _, domain = address.partition("@")
    return str(Address(name, user, domain))


TYPED = frozenset({"organization"})
"""Facts of emails that someone else typed."""


def _context(
    email: QueuedEmail, values: Mapping[str, str], *, known: bool, proven: bool, links: Mapping[str, str]
) -> dict[str, Any]:
    """The context of the email's templates.

    An address that nobody has proven yet may be a stranger's: such an email carries nothing that was typed with the
    address, neither a name nor that of an organization. The owner of an account there reads which organization it is
    about; their name is theirs only where they gave it."""
    policy, facts = in_force.policy(), email.facts
    return {
        "policy": policy,
        "values": values if proven else {},
        "called": values.get("name", "") if proven else "",
        "facts": facts if proven or known else {name: it for name, it in facts.items() if name not in TYPED},
        "content": emails.content_of(email.template, facts),
        "quote": quote_of(email.purpose),
        "objection": find_objection(email.purpose) if email.to == PERSON else None,
        "base_url": settings.TROTH_BASE_URL,
        "lasting": _lasting(email),
        "links": links,
        "last": email.to == FAREWELL,
    }


def _asks_for_account(email: QueuedEmail, *, proven: bool) -> bool:
    """Whether the email says something else to an address that has an account."""
    return emails.differs_for_known(email.template) or (not proven and bool(TYPED & email.facts.keys()))


def _links(email: QueuedEmail, prepared: Prepared) -> dict[str, str]:
    """The links of this email: facts hold a link's id, and its secret is derived again here."""
    found = _opening(email, _link(email))
    base = settings.TROTH_BASE_URL
    if proof := _proof(email):
        found["proof"] = base + proofs.address(proof)
    for power, pages in _powers(email).items():
        secret = prepared.links[email.id, power]
        found |= {page: base + links.address_by(secret, page) for page in pages}
    return found


def _lasting(email: QueuedEmail) -> str:
    """How long the email's secret works, in words."""
    proof = _proof(email)
    return lasting(proofs.LASTING[proof.what]) if proof else ""


def _proof(email: QueuedEmail) -> proofs.Proof | None:
    proof = email.carries.proof
    return proofs.Proof.objects.filter(pk=proof).first() if proof else None


def _link(email: QueuedEmail) -> links.Link | None:
    link = email.carries.link
    found = links.Link.objects.filter(pk=link).first() if link else None
    return links.living(found, email=email.id, at_utc=email.queued_utc) if found else None


def _opening(email: QueuedEmail, link: links.Link | None) -> dict[str, str]:
    """The address of the email's own link: the page of the case, or the history."""
    if link is None:
        return {}
    if link.power == links.Link.CASE:
        return {"case": settings.TROTH_BASE_URL + links.address(link, email.carries.page)}
    return {"history": settings.TROTH_BASE_URL + links.address(link, "history")}


def _powers(email: QueuedEmail) -> dict[str, tuple[str, ...]]:
    """Choices at the foot of what goes to the person themselves, each with its pages; an unsubscribe where it fits.

    An email about the account carries none: it may go to an address that is not proven yet."""
    if email.to != PERSON or email.carries.proof:
        return {}
    stop = {links.Link.UNSUBSCRIBE: ("unsubscribe",)} if _takes_no(email) else {}
    return stop | {links.Link.CHOICES: ("preferences", "accept", "decline")}


def _takes_no(email: QueuedEmail) -> bool:
    """Whether the person's no covers the email."""
    return in_force.policy().purposes[email.purpose].choice != "none"


def quote_of(purpose: str) -> Quote:
    """The sentence of the policy that allows the emails of a purpose."""
    policy = in_force.policy()
    anchor = policy.purposes[purpose].section
    title = next((section.title for section in policy.sections if section.anchor == anchor), anchor)
    return Quote(policy.purposes[purpose].quotation, anchor, title, policy.version)

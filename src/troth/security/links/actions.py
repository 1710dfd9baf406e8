"""Creating and finding private links."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import QuerySet

from troth.queries import PreparedQuery, Slot, store_new
from troth.seal import token_hash, vault
from troth.security.links.models import Link
from troth.security.links.powers import opens
from troth.security.mailed import by_secret
from troth.security.models import User

LASTING = {
    Link.MASKED: timedelta(days=30),
    Link.FULL: timedelta(days=90),
    Link.CHOICES: timedelta(days=180),
    # Opting out must still work from the oldest email in an inbox.
    Link.UNSUBSCRIBE: timedelta(days=3650),
    # As long as the slowest clock runs, and a month to fetch the answer.
    Link.CASE: timedelta(days=180),
}


_BY_SECRET = PreparedQuery(lambda: Link.objects.filter(digest=Slot("digest")))
_OWNERS = PreparedQuery(lambda: User.objects.filter(person__any=Slot("people")).values_list("person_id"))
_READERS = PreparedQuery(lambda: _list_opened().filter(person__any=Slot("people")).values_list("person_id"))


def make(*, link: UUID, person: UUID, power: str, cause: UUID | None, at_utc: datetime) -> Link:
    """A new private link with the id `link`, inside the caller's transaction."""
    return Link.objects.create(
        id=link,
        person_id=person,
        power=power,
        request=cause,
        digest=token_hash(token(link, power)),
        made_utc=at_utc,
        expires_utc=at_utc + LASTING[power],
    )


def of_email(email: UUID, *, person: UUID, power: str, at_utc: datetime, cause: UUID | None) -> Link:
    """The link of a power that an email carries: the same one if the email is written again."""
    link = uuid5(email, power)
    found = Link.objects.filter(pk=link).first()
    return found or make(link=link, person=person, power=power, cause=cause or email, at_utc=at_utc)


def of_emails(wanted: Sequence[tuple[UUID, UUID, str, datetime]]) -> dict[tuple[UUID, str], str]:
    """As `of_email` for many: (email, person, power, when) → the link's secret by email and power.   Cost  1 query."""
    if not wanted:
        return {}
    emails, people, powers, times = zip(*wanted, strict=True)
    ids = [uuid5(email, power) for email, power in zip(emails, powers, strict=True)]
    secrets = list(map(token, ids, powers))
    store_new(  # the same ones are there where it is written again
        Link,
        id=ids,
        person_id=people,
        power=powers,
        request=emails,
        digest=list(map(token_hash, secrets)),
        made_utc=times,
        expires_utc=[at_utc + LASTING[power] for at_utc, power in zip(times, powers, strict=True)],
    )
    return dict(zip(zip(emails, powers, strict=True), secrets, strict=True))


def living(link: Link, *, email: UUID, at_utc: datetime) -> Link:
    """The link while it opens, else one like it for this email: an email that leaves carries no spent one."""
    if not link.find_end(at_utc=at_utc):
        return link
    return of_email(email, person=link.person_id, power=link.power, cause=link.request, at_utc=at_utc)


def address(link: Link, page: str = "history") -> str:
    """The path of a page that the link opens, such as "history" or "receipt"."""
    return address_by(token(link.id, link.power), page)


def address_by(secret: str, page: str) -> str:
    """As `address` of the link with this secret."""
    return f"/{page}/{secret}/"


def find_named(secret: str, *, page: str) -> Link | None:
    """The link of a secret that opens `page`, valid or ended; None if it is unknown or has too little power."""
    link = by_secret(_BY_SECRET, secret)
    return link if link and opens(link, page) else None


def list_confirmed() -> "QuerySet[Link, UUID | None]":
    """The requests whose emailed link was confirmed with its button, so the sender reads email at that address."""
    return _list_opened().values_list("request", flat=True)


def is_proven(person: UUID) -> bool:
    """Whether someone has proven to read email at the person's address: with an account or an emailed link.

    Cost  1 query, or 2."""
    if User.objects.filter(person=person).exists():
        return True
    return _list_opened().filter(person=person).exists()


def list_proven(people: Collection[UUID]) -> set[UUID]:
    """Those of these people of whom `is_proven` is true.   Cost  2 queries, or none."""
    if not people:
        return set()
    asked = list(people)
    return {person for (person,) in (*_OWNERS.list(people=asked), *_READERS.list(people=asked)) if person}


def _list_opened() -> "QuerySet[Link]":
    """Links that someone opened who reads email at the address."""
    return Link.objects.filter(power=Link.FULL, grant__isnull=False)


def token(link: UUID, power: str) -> str:
    """The secret of a link; nothing stores it."""
    return vault().token(f"{power} link", link)

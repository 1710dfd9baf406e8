"""Making and finding private links."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from troth.seal import token_hash, vault
from troth.security.links.models import Link

LASTING = {Link.MASKED: timedelta(days=30), Link.FULL: timedelta(days=90)}


def make(*, link: UUID, person: UUID, power: str, request: UUID | None, at_utc: datetime) -> Link:
    """A new private link with the id `link`, inside the caller's transaction."""
    return Link.objects.create(
        id=link,
        person_id=person,
        power=power,
        request=request,
        digest=token_hash(token(link, power)),
        made_utc=at_utc,
        expires_utc=at_utc + LASTING[power],
    )


def address(link: Link, page: str = "history") -> str:
    """The path of a page that the link opens: "history" or "receipt"."""
    return f"/{page}/{token(link.id, link.power)}/"


def find(secret: str, *, at_utc: datetime) -> Link | None:
    """The living link of a token, or nothing: unknown and expired look the same."""
    if not 20 <= len(secret) <= 64:
        return None
    return Link.objects.filter(digest=token_hash(secret), expires_utc__gt=at_utc).first()


def confirmed() -> "QuerySet[Link, UUID | None]":
    """The requests whose mailed link was opened by its button: whoever asked reads mail at that address."""
    return Link.objects.filter(power=Link.FULL, grant__isnull=False).values_list("request", flat=True)


def token(link: UUID, power: str) -> str:
    """The secret of a link; nothing stores it."""
    return vault().token(f"{power} link", link)

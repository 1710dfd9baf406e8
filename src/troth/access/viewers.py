"""Who looks at a page of their data: through an emailed link, or signed in."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from troth import gate
from troth.access import looks
from troth.access.persons import own_people
from troth.collection.forms import known
from troth.records import profile
from troth.security import links
from troth.security.models import User

ACCESS = "access"
_PAGES = ("preferences", "profile", "history")


@dataclass(frozen=True)
class Viewer:
    """The people whose data a page is about, and what the page needs to know of how they got there.

    `person` is whose values are shown; `people` those who share their address, for whom their choices count as well.
    `look` is how they came, as the ledger says it. `bound` ties a form to this link or session. `last_look` keeps the
    grant of a look. `mailed`: values are shown after a button, and every step is one, so that no address holds the
    link's secret."""

    person: UUID
    people: tuple[UUID, ...]
    way: str
    look: str
    bound: str
    last_look: gate.LookPlace
    mailed: bool
    preferences: str = ""
    profile: str = ""
    history: str = ""


def of_link(link: links.Link) -> Viewer:
    """The viewer behind a link. A link that was never emailed shows its own person only."""
    to_her = links.opens(link, "preferences") or links.opens(link, "unsubscribe")
    return Viewer(
        person=link.person_id,
        people=profile.people_of(link.person_id) if to_her else (link.person_id,),
        way="mailed link",
        look=looks.LINK,
        bound=str(link.id),
        last_look=links.LinkLook(link),
        mailed=True,
        **{page: f"/{page}/" for page in _PAGES if links.opens(link, page)},
    )


def find_viewer(request: HttpRequest, person: UUID | None = None) -> Viewer | None:
    """The account's owner at one submission or at the account's own data; None for strangers and staff."""
    user = request.user
    if not isinstance(user, User) or user.person_id is None:
        return None
    people = own_people(user)
    whose = person or user.person_id
    if whose not in people:
        return None
    return Viewer(
        person=whose,
        people=(whose, *(each for each in people if each != whose)),
        way="signed in",
        look=looks.SIGNED_IN,
        bound=known.bind_to_session(request),
        last_look=gate.SessionLook(request.session, f"{ACCESS} {whose}"),
        mailed=False,
        preferences="/account/preferences/",
        profile=f"/account/profile/{whose}/" if person else "/account/profile/",
        history=f"/account/data/{whose}/",
    )

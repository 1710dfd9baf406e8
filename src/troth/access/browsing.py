"""A history as a page shows it, of one person or of all that an account's owner is: filter, entries, total."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import QueryDict

from troth import in_force
from troth.access import story
from troth.access.filtering import HistoryFilter, RequestOption, find_requests, list_options
from troth.records.ledger import Past, find_start, outline
from troth.security.entrances import Entrance, address_of
from troth.words.story import LineAbout

ENTRIES_A_PAGE = 20


def describe_history(
    people: Collection[UUID],
    query: QueryDict,
    *,
    receipts: Mapping[UUID, str] | None = None,
    confirmed: bool = True,
    abouts: Mapping[UUID, LineAbout] | None = None,
) -> Mapping[str, Any]:
    """What the templates of a history need.   Cost  4 queries, and those of the names that its sentences have

    Takes   receipts, confirmed: see `story.write_story`; abouts: what its lines are about, to say so"""
    lines, law, requests = outline(people), in_force.law(), find_requests(people)
    wanted = HistoryFilter.read(query)
    asked = wanted.as_past(lines, law.versions[law.current], requests)
    page = Paginator(Past(people, asked, lines=lines), ENTRIES_A_PAGE).get_page(query.get("page"))
    given = story.kinds_given(lines, people)
    told = story.write_story(
        list(page.object_list),
        receipts=receipts,
        confirmed=confirmed,
        given=given,
        abouts=None if abouts is None else {**abouts, **_list_pages(requests, abouts)},
    )
    return {
        "page": page,
        "story": story.fold(told, one_by_one=wanted.routine),
        "filter": wanted,
        "total": sum(line.entries for line in lines),
        "first": find_start(lines),
        "chose": any(line.kind == "chose" for line in lines),
        **list_options(lines, law, requests),
    }


def _list_pages(requests: Sequence[RequestOption], abouts: Mapping[UUID, LineAbout]) -> Mapping[UUID, LineAbout]:
    """Each request, and each of these submissions that came with one request alone: both are about its page."""
    pages = {each.id: LineAbout(each.title, address_of(Entrance.REQUEST, number=each.number)) for each in requests}
    times = Counter(each.person for each in requests)
    return pages | {
        each.person: pages[each.id] for each in requests if each.person in abouts and times[each.person] == 1
    }

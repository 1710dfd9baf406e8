"""The policy page: the prose, under each paragraph what the program makes of it, all versions and their differences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from troth import in_force
from troth.desk import index
from troth.policy import Page, PageSection, Policy, find_say, jsonld, publish
from troth.policy.meaning import Law
from troth.security.models import User
from troth.web import languages, marks

_LEAD = 2
"""A chapter's heading and the section beneath it."""
_FEWEST = 3
"""Fewer sections than these are not worth a fold."""


@dataclass(frozen=True)
class PageHeading:
    """A heading of the second level with all that is under it."""

    first: PageSection
    rest: tuple[PageSection, ...]

    @property
    def sections(self) -> tuple[PageSection, ...]:
        return (self.first, *self.rest)

    @property
    def lead(self) -> tuple[PageSection, ...]:
        """What stays unfolded: the chapter's own words, if it has any, and its first section."""
        return self.sections[:_LEAD] if self.folded else self.sections

    @property
    def folded(self) -> tuple[PageSection, ...]:
        """The sections after these."""
        return self.sections[_LEAD:] if len(self.sections) >= _LEAD + _FEWEST else ()


@require_safe
def current(request: HttpRequest, language: str = "") -> HttpResponse:
    """The version in force, in the language of the address, or in one that the browser asks for."""
    return _show(request, in_force.law().current, language)


@require_safe
def version(request: HttpRequest, version: int, language: str = "") -> HttpResponse:
    return _show_withdrawn(request, version) or _show(request, version, language)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    law, coming = in_force.law(), in_force.coming()
    translated = in_force.list_translated()
    listed = [
        (
            one,
            coming.versions.get(one.version - 1),
            [languages.describe(each) for each in translated.get(one.version, ())],
        )
        for one in _newest_first(coming)
    ]
    return render(request, "web/policy/versions.html", {"versions": listed, "current": law.current})


@require_safe
def difference(request: HttpRequest, older: str, newer: str) -> HttpResponse:
    """The newer text with what was added and taken away since the older, and what that means for people."""
    if withdrawn := _show_withdrawn(request, int(newer)):
        return withdrawn
    old, new = _find(int(older)), _find(int(newer))
    if old.version >= new.version:
        raise Http404
    page = _page(new, old)
    context = {
        "page": page,
        "text": _text(new, old),
        "older": old,
        "newer": new,
        "others": _pairs(in_force.coming()),
        "coming": new.version > in_force.law().current,
    }
    return _read(request, render(request, "web/policy/difference.html", context), new.version)


@require_safe
def source(request: HttpRequest, version: int = 0, language: str = "") -> HttpResponse:
    """The file itself, byte for byte as it was adopted; or its translation."""
    policy = _find(version or in_force.law().current)
    if language:
        policy = in_force.find_translation(policy.version, language) or _refuse()
    return HttpResponse(policy.text.encode(), content_type="text/markdown; charset=utf-8")


@require_safe
def show_linked_data(request: HttpRequest) -> HttpResponse:
    """The rules for programs. Source: W3C Data Privacy Vocabulary 2.3, as JSON-LD."""
    return JsonResponse(jsonld(in_force.policy()), content_type="application/ld+json")


def _show(request: HttpRequest, number: int, language: str) -> HttpResponse:
    law, stated = in_force.law(), _find(number)
    known = in_force.list_translated()
    choice = languages.choose(request, stated, known, asked=language) or _refuse()
    own = known.get(number, {}).get(choice.chosen)
    policy = (in_force.read_translation(number, own) if own else None) or stated
    previous = law.versions.get(number - 1)
    context = {
        "page": _page(policy),
        "text": _text(policy, spoken=policy.language if policy is not stated else ""),
        "choice": choice,
        "translated": policy is not stated,
        "versions": _newest_first(in_force.coming()),
        "previous": previous,
        "changes": _page(stated, previous).changes if previous else (),
        "current": law.current,
    }
    response = _read(request, render(request, "web/policy/page.html", context), number)
    return languages.mark(response, policy.language, asked=language)


def _show_withdrawn(request: HttpRequest, number: int) -> HttpResponse | None:
    """What the emails that announced a version lead to, once it was withdrawn; None of any other version."""
    if number in in_force.coming().versions:
        return None
    at = in_force.find_withdrawn_time(number)
    context = {"version": number, "at": at, "current": in_force.law().current}
    return render(request, "web/policy/withdrawn.html", context, status=404) if at else None


def _read(request: HttpRequest, response: HttpResponse, version: int) -> HttpResponse:
    """The page; once a signed-in person has seen the version, no notice points at it.   Policy  #P3"""
    user = request.user
    if isinstance(user, User):
        user.see_policy(version)
    return response


def _find(number: int) -> Policy:
    policy = in_force.coming().versions.get(number)
    return policy or _refuse()


def _refuse() -> NoReturn:
    raise Http404


def _newest_first(law: Law) -> list[Policy]:
    return [law.versions[number] for number in sorted(law.versions, reverse=True)]


def _pairs(law: Law) -> list[tuple[int, int]]:
    """Each version with the one before, newest first."""
    numbers = sorted(law.versions, reverse=True)
    return list(zip(numbers[1:], numbers, strict=False))


def _headings(page: Page) -> list[PageHeading]:
    """Sections gathered under their headings of the second level; the title's own part is the first, if it has any."""
    found: list[list[PageSection]] = []
    for section in page.sections:
        if section.level < 3 or not found:
            found.append([])
        found[-1].append(section)
    return [PageHeading(first, tuple(rest)) for first, *rest in found]


@dataclass(frozen=True)
class _Wanted:
    """What a page is made from. Two texts are the same if their fingerprints are.

    spoken   the language of the program's own words in the text, if it isn't the shell's"""

    fingerprints: Sequence[str]
    language: str
    spoken: str
    policy: Policy = field(compare=False)
    previous: Policy | None = field(compare=False)


@dataclass(frozen=True)
class PageText:
    """The parts of a version's page that are the same for every reader, as HTML."""

    contents: SafeString
    body: SafeString


def _page(policy: Policy, previous: Policy | None = None) -> Page:
    return _publish(_want(policy, previous))


def _text(policy: Policy, previous: Policy | None = None, *, spoken: str = "") -> PageText:
    return _render_text(_want(policy, previous, spoken))


def _want(policy: Policy, previous: Policy | None, spoken: str = "") -> _Wanted:
    return _Wanted(_fingerprints((policy, previous)), get_language() or "", spoken, policy, previous)


def _fingerprints(policies: Iterable[Policy | None]) -> tuple[str, ...]:
    return tuple(policy.sha256 if policy else "" for policy in policies)


# Making a page and rendering its text cost some tens of milliseconds, and the same few are asked for again and again.
@lru_cache(maxsize=32)
def _publish(wanted: _Wanted) -> Page:
    say = find_say(wanted.spoken) if wanted.spoken else gettext
    return publish(wanted.policy, wanted.previous, say=say)


@lru_cache(maxsize=32)
def _render_text(wanted: _Wanted) -> PageText:
    page = _publish(wanted)
    context = {
        "page": page,
        "headings": _headings(page),
        "unoffered": index.offer().list_missing(wanted.policy),
        "spoken": wanted.spoken,
        "own": "" if wanted.spoken else marks.site_language(),
    }
    return PageText(
        render_to_string("web/policy/contents.html", context), render_to_string("web/policy/body.html", context)
    )

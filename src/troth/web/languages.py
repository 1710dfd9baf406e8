"""The languages of the policy page: by its address, else by what the browser asks for. No cookie remembers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from django.urls.converters import StringConverter
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from troth.policy import Policy
from troth.policy.page import find_direction


@dataclass(frozen=True)
class NamedLanguage:
    """A language by its own name."""

    code: str
    name: str
    direction: str


@dataclass(frozen=True)
class LanguageChoice:
    """The language that a version is shown in, and the others there are.

    missing   the language that the browser asks for, where only another version has it: with the latest of those"""

    chosen: str
    others: tuple[NamedLanguage, ...]
    missing: NamedLanguage | None = None
    latest: int = 0


def describe(code: str) -> NamedLanguage:
    info = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    return NamedLanguage(code, str(info.get("name_local", code)), find_direction(code))


def choose(
    request: HttpRequest, policy: Policy, translated: Mapping[int, Iterable[str]], *, asked: str
) -> LanguageChoice | None:
    """The language for a reader; None if the address asks for one that this version doesn't have.

    Takes   translated: version → languages of its translations; asked: the language in the address, if any
    """
    known = (policy.language, *translated.get(policy.version, ()))
    if asked and asked not in known:
        return None
    wanted = [asked] if asked else _list_wanted(request)
    chosen = next((found for each in wanted if (found := _match(each, known))), policy.language)
    named = tuple(describe(each) for each in known) if len(known) > 1 else ()
    elsewhere = {code: number for number in sorted(translated) for code in translated[number] if code not in known}
    lacking = next((code for each in wanted[:1] if (code := _match(each, elsewhere))), "")
    if lacking and not _match(wanted[0], known):
        return LanguageChoice(chosen, named, describe(lacking), elsewhere[lacking])
    return LanguageChoice(chosen, named)


def mark(response: HttpResponse, language: str, *, asked: str) -> HttpResponse:
    """The response with the languages it is written in: the site's own, and that of the text."""
    response["Content-Language"] = ", ".join(dict.fromkeys((language, "en")))
    if not asked:
        patch_vary_headers(response, ("Accept-Language",))
    return response


def _list_wanted(request: HttpRequest) -> list[str]:
    """What the browser asks for, most wanted first."""
    return [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())]


def _match(wanted: str, known: Iterable[str]) -> str:
    """The same language, or that of another place: de-AT reads de."""
    exact = [code for code in known if code.lower() == wanted.lower()]
    near = [code for code in known if code.partition("-")[0].lower() == wanted.partition("-")[0].lower()]
    return (*exact, *near, "")[0]


class LanguageCode(StringConverter):
    """A language such as `de` or `pt-BR`."""

    regex = "[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


register_converter(LanguageCode, "language")

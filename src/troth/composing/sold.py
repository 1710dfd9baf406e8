"""What the site's catalog sells, named in an email's words: other products, and editions as something to have."""

import functools
import re
from collections import Counter
from collections.abc import Iterator

from troth.composing.folding import fold, list_forms
from troth.site import site

_COMMON = ("starter", "basic", "company", "professional", "premium", "enterprise", "ultimate")
"""What editions are called everywhere."""
_AMOUNT = (
    r"(?: edition)?(?: ?[:|=–—,→-]| (?:is|at|for|costs?|from|now|just|only|ist|ab|kostet|a|est|es))* ?"
    r"(?:\d{1,3}(?:[.,]\d{3})+|\d{2,4})(?:[.,]\d\d)?(?![.,]?\d)(?!(?<=\b20\d\d))"
    r"(?! ?(?:named )?(?:users?|seats?|lots?|%|mb|gb|days?|hours?|min\w*|sec\w*|records?|benutzer|nutzer|tage?n?)\b)"
)
_OFFERS = r"(?:can|does|adds?|includes?|offers?|gives?|lets|signs?|already|costs?)"
_HAS = rf"(?:has|comes|never|{_OFFERS})"


def find_products(words: str, about: str) -> Iterator[str]:
    """Other products, each by its name or by the word of it that no other product has, with its capital."""
    names = {slug: product.name for slug, product in site().products.items()}
    used = Counter(word for name in names.values() for word in set(name.split()))
    for slug, name in names.items():
        if slug == about:
            continue
        own = [word for word in name.split() if used[word] == 1 and word[0].isupper()]
        model = next((word for word in own if not word.isalpha()), "")
        word = next((word for word in own if word.isalpha() and word != name.split()[0]), "") or next(
            (word for word in own if word.isalpha()), ""
        )
        if name.casefold() in words.casefold():
            yield name
        elif model and re.search(rf"\b{re.escape(model)}\b", words):
            yield model
        elif word and re.search(rf"(?<!^)(?<![.!?:] )\b{word}\b|(?:^|[.!?:] ){word} {_HAS}\b", words):
            yield word


def find_editions(words: str, about: str) -> Iterator[str]:
    """Editions that are named beside an amount, or as something to have.

    Those of the product itself count where they are neither “the … edition” nor a version. A heading whose words all
    have capitals says nothing by them."""
    every = frozenset(fold(edition.name) for product in site().products.values() for edition in product.editions)
    product = site().products.get(about)
    own = tuple(edition.name for edition in product.editions) if product else ()
    amount = next((found for form in list_forms(words) if (found := _compile_priced(every).search(form))), None)
    if amount:
        yield amount[0]
    elif own:
        yield from (found[0] for found in [_search_named(words, own)] if found)


@functools.lru_cache(maxsize=1)
def _compile_priced(editions: frozenset[str]) -> "re.Pattern[str]":
    names = "|".join(sorted(map(re.escape, editions | set(_COMMON)), key=len, reverse=True))
    return re.compile(rf"\b(?:{names}){_AMOUNT}")


def _search_named(words: str, names: tuple[str, ...]) -> "re.Match[str] | None":
    either = "|".join(map(re.escape, names))
    begins = re.search(rf"(?:^|[.!?:] )(?:{either}) {_HAS}\b|\b(?:{either}) edition {_OFFERS}\b", words)
    long = [word for word in words.split() if len(word) > 3 and word[0].isalpha()]
    if begins or sum(word[0].isupper() for word in long) > max(3, len(long) * 0.6):
        return begins
    return re.search(rf"(?<!^)(?<![.!?:] )(?<![.!?:]  )\b(?:{either})\b(?! (?:edition|[>›→]|\d+\.\d))", words)

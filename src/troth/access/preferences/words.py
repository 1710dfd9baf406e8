"""What a choice is in words: since when it stands, and what was said when it was saved."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth.access.preferences.sheet import Asked, Choice, Sheet
from troth.access.preferences.telling import Saved
from troth.policy.meaning import MARKETING


def since(choice: Choice) -> str:
    """Yes since 3 Mar 2026, under version 2."""
    if choice.answer is None:
        return _("On. Not changed by you.") if choice.on else _("Never asked for.")
    facts = {
        "day": date_format(timezone.localtime(choice.answer.at_utc), pgettext("date format: 20 Nov 2026", "j M Y")),
        "version": choice.answer.version,
    }
    if choice.on:
        return _("Yes since %(day)s, under version %(version)s.") % facts
    return _("No since %(day)s, under version %(version)s.") % facts


def told(saved: Saved, sheet: Sheet) -> Sequence[str]:
    """One sentence for each answer that was saved."""
    return [
        (_("You said yes to %(what)s.") if change.yes else _("You said no to %(what)s."))
        % {"what": title_of(change.question, sheet)}
        for change in saved.changes
    ]


def title_of(name: str, sheet: Sheet) -> str:
    """“Newsletters”, as the page names it."""
    if choice := sheet.choice(name):
        return _("“%(title)s”") % {"title": choice.title}
    purpose = sheet.policy.purposes.get(name.partition("@")[0])
    return _("“%(title)s”") % {"title": purpose.title if purpose else _("Offers and other marketing")}


def stopped(name: str, sheet: Sheet) -> str:
    """What no longer happens, for the page of an unsubscribe link."""
    return _("Offers and other marketing") if name == MARKETING else title_of(name, sheet)


def listed(parts: Sequence[str]) -> str:
    """E-mail, company and product"""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def question(asked: Asked) -> str:
    """May “Content” also use your product?"""
    return _("May “%(purpose)s” also use your %(kinds)s?") % {
        "purpose": asked.purpose.title,
        "kinds": listed([kind[:1].lower() + kind[1:] for kind in asked.kinds]),
    }

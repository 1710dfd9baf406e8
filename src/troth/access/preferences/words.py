"""A choice in words: since when it applies, and the message after saving it."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from troth import in_force
from troth.access.preferences.outlasting import STAYS_OFF
from troth.access.preferences.telling import Saved, SavedChange
from troth.desk.choices import AheadQuestion, AskedByEmail
from troth.desk.topics import question_title
from troth.gate.questions import OpenQuestion
from troth.policy.meaning import MARKETING
from troth.policy.phrases import join_words
from troth.words.choices import ShownChoice

_ASKED: Mapping[str, Promise] = {
    STAYS_OFF: gettext_lazy("You opted out of %(what)s, and it stays off when your pause ends."),
    AskedByEmail.MAILED: gettext_lazy("%(what)s starts once you confirm it: we just emailed you a link."),
    AskedByEmail.WAITS: gettext_lazy("%(what)s starts once you confirm it: use the link that we emailed you earlier."),
    AskedByEmail.SPENT: gettext_lazy("%(what)s stays off: we sent as many links as our policy allows. Email us."),
    AskedByEmail.BLOCKED: gettext_lazy(
        "%(what)s stays off: someone reported our email to this address as spam, so we send no link. Email us."
    ),
    AskedByEmail.NOWHERE: gettext_lazy("%(what)s stays off: sign up with the form, which asks where to send it."),
}


def since(choice: ShownChoice) -> str:
    """On since Mar 3, 2026, under policy version 2."""
    answer = choice.answer or choice.whole
    if answer is None:
        unasked = _("Never signed up.") if choice.confirmed else _("Off by default.")
        return _("On by default.") if choice.on else unasked
    facts = {
        "day": date_format(timezone.localtime(answer.at_utc), pgettext("date format: Nov 20, 2026", "M j, Y")),
        "version": answer.version,
    }
    if choice.on:
        return _("On since %(day)s, under policy version %(version)s.") % facts
    return _("Off since %(day)s, under policy version %(version)s.") % facts


def describe_changes(saved: Saved) -> Sequence[str]:
    """One sentence for each answer that was saved, or that waits to be confirmed."""
    waiting = [_ASKED[code] % {"what": title_of(name)} for name, code in saved.asked]
    return waiting + [
        (_("You opted in to %(what)s.") if change.yes else _("You opted out of %(what)s."))
        % {"what": title_of(change.question)}
        for change in saved.changes
    ]


def describe_undo(unanswered: Sequence[SavedChange]) -> Iterator[str]:
    """What *Undo* saves of questions that had no answer before: an opt-out or an opt-in, as it counted without one."""
    for yes in (False, True):
        titles = [title_of(each.question) for each in unanswered if each.yes is yes]
        facts = {"what": join_words(titles, _)}
        if titles and yes:
            yield _("Undo saves that you opted in to %(what)s: it was on, and you hadn’t answered before.") % facts
        elif titles:
            yield _("Undo saves that you opted out of %(what)s: it was off, and you hadn’t answered before.") % facts


def describe_pause(purpose: str, until: str) -> str:
    """What was paused, until when."""
    if not purpose:
        return _("You started a pause until %(until)s.") % {"until": until}
    return _("You paused %(what)s until %(until)s.") % {"what": title_of(purpose), "until": until}


def title_of(name: str) -> str:
    """“Newsletters”, as the page names it."""
    return _("“%(title)s”") % {"title": question_title(in_force.policy(), name)}


def describe_stop(name: str) -> str:
    """What no longer happens, for the unsubscribe page."""
    return _("“Offers and other marketing”") if name == MARKETING else title_of(name)


def question_ahead(asked: AheadQuestion) -> str:
    """May “Content” also use your product from Feb 1, 2027?"""
    facts = {
        "purpose": asked.title,
        "kinds": _join_kinds(asked.kinds),
        "day": date_format(asked.effective, pgettext("date format: Nov 20, 2026", "M j, Y")),
    }
    if not asked.kinds:
        return _("May we use your data for “%(purpose)s” from %(day)s?") % facts
    return _("May we also use your %(kinds)s for “%(purpose)s” from %(day)s?") % facts


def question(asked: OpenQuestion) -> str:
    """May “Content” also use your product?"""
    return _("May we also use your %(kinds)s for “%(purpose)s”?") % {
        "purpose": asked.purpose.title,
        "kinds": _join_kinds(asked.kinds),
    }


def _join_kinds(kinds: Sequence[str]) -> str:
    return join_words([kind[:1].lower() + kind[1:] for kind in kinds], _)

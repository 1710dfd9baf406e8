"""Legal holds as sentences of a history."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.gate import EntryPayload, LedgerEntry
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.words.values import kinds_in_words, moment


@dataclass(frozen=True, kw_only=True)
class HoldPayload(EntryPayload):
    """When the hold began or ended, where it couldn't be told at once."""

    at: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldErasurePayload(EntryPayload):
    """Whether an order forbids naming the hold."""

    secret: bool = False


def _say_began(entry: LedgerEntry, said: HoldPayload, policy: Policy, names: Names) -> SafeString:
    covered = kinds_in_words(policy, entry.kinds) if entry.kinds else _("all your data")
    return format_html(
        _(
            "A legal hold began on {}. It covers {}. None of it is deleted until the hold ends. What "
            "would be deleted otherwise is used for nothing else."
        ),
        _day(said.at),
        covered,
    )


def _say_ended(entry: LedgerEntry, said: HoldPayload, policy: Policy, names: Names) -> SafeString:
    return format_html(_("The legal hold ended on {}. Data that was kept only for it is deleted now."), _day(said.at))


def _say_held(entry: LedgerEntry, said: HeldErasurePayload, policy: Policy, names: Names) -> SafeString:
    if said.secret:
        return format_html(
            "{}",
            _("The law requires us to keep some of your data for now. We use it for nothing else, then delete it."),
        )
    return format_html(
        "{}",
        _(
            "We deleted what we may. A legal hold requires us to keep the rest. We use it for nothing else, and delete "
            "it when the hold ends."
        ),
    )


def _day(at: str) -> str:
    return moment(datetime.fromisoformat(at))


ENTRIES = (
    EntryKind("hold began", gettext_lazy("kept for law"), _say_began, "kept", payload=HoldPayload),
    EntryKind("hold ended", gettext_lazy("hold ended"), _say_ended, payload=HoldPayload),
    EntryKind("erasure held", gettext_lazy("deletion waits"), _say_held, "kept", payload=HeldErasurePayload),
)

"""Privacy choices: what a person may decide, in plain words, made from the policy's purposes. Policy: #I1, #C14."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from troth import in_force
from troth.policy.phrases import choice_words
from troth.policy.terms import Policy, Purpose
from troth.signals import signals_of, varies
from troth.web.quoting import quote

FEW = 9


@dataclass(frozen=True)
class Offered:
    """One purpose with its choice."""

    policy: Policy
    purpose: Purpose

    @property
    def quotation(self) -> str:
        """The policy's own sentence on this purpose."""
        return quote(self.policy, self.purpose.section, self.purpose.quotation)

    @property
    def choice(self) -> str:
        """Which choice people have, where it depends on their region; else ""."""
        return choice_words(self.purpose, gettext) if self.purpose.by_region else ""

    @property
    def kinds(self) -> list[str]:
        return [self.policy.kinds[kind].title for kind in self.purpose.may_use if kind in self.policy.kinds]

    @property
    def few(self) -> bool:
        """Whether the kinds can be read in one glance."""
        return len(self.purpose.may_use) <= FEW


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    policy = in_force.policy()
    offered = [Offered(policy, purpose) for purpose in policy.purposes.values()]
    context = {
        "yes_first": _with(offered, "sign up"),
        "yours": _with(offered, "opt out"),
        "always": _with(offered, "none"),
        "by_region": [each for each in offered if each.purpose.by_region],
        "signals": signals_of(request),
    }
    return varies(render(request, "web/choices.html", context))


def _with(offered: Iterable[Offered], choice: str) -> list[Offered]:
    return [each for each in offered if each.purpose.choice == choice and not each.purpose.by_region]

"""The emails of a draft as people will read them, for an invented person."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from troth import in_force
from troth.outbox.writing import quote_of
from troth.policy import Law, Policy
from troth.updates import drafts, wording
from troth.updates.effects import PURPOSE
from troth.updates.rehearsing import RehearsedEmail


def preview(new: Policy, letter: RehearsedEmail, *, since: int) -> str:
    """The HTML of the email. `since`: the version that its readers heard of."""
    law = in_force.law()
    with_draft = Law({**law.versions, new.version: new}, new.version)
    asks, told = ",".join(letter.asks), ",".join(letter.told)
    coming = _is_ahead(new)
    return _render("html", wording.describe(with_draft, new.version, since, asks, told, coming=coming))


def preview_subject(new: Policy, letter: RehearsedEmail) -> str:
    """The subject of the email."""
    content = {"questions": letter.asks, "version": new.version, "effective": new.effective, "coming": _is_ahead(new)}
    return _render("subject.txt", content).strip()


def _is_ahead(new: Policy) -> bool:
    """Whether it would be announced, if it were approved now."""
    return new.effective > drafts.today()


def _render(part: str, content: Any) -> str:
    base = settings.TROTH_BASE_URL
    choices = f"{base}/privacy-choices/"
    context = {
        "policy": in_force.policy(),
        "called": _("Jordan Example"),
        "content": content,
        "quote": quote_of(PURPOSE),
        "base_url": base,
        "links": {"accept": choices, "decline": choices, "preferences": choices},
    }
    return render_to_string(f"updates/emails/version.{part}", context)

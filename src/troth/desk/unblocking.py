"""The page on which staff unblock an address: what it means, their reason, and the button."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.collection.mailbox.models import KeptMail
from troth.desk import notices
from troth.desk.acts.act import SURE, YES
from troth.desk.reading import LONGEST_REASON, SHORTEST_REASON
from troth.desk.staff import user_of
from troth.outbox import QueuedEmail, suppression
from troth.outbox.suppression import Suppression
from troth.text import CannotRead, paragraph
from troth.wording import Words

WHYS: Mapping[str, Words] = {
    "bounce": gettext_lazy("Email came back"),
    "complaint": gettext_lazy("Reader reported spam"),
    "staff": gettext_lazy("Blocked by staff"),
}
"""Why an address is blocked, in words."""


class NoLogReason(Exception):
    """The reason can't be kept in the activity log."""


def take(request: HttpRequest, blocked: Suppression, *, back: str, do: str = "") -> HttpResponse:
    """The page that asks once, or, where that was answered with a reason, the way back from the unblocked address.

    Takes   back: where it leads afterwards and on Cancel; do: the name of the act, where a page has several."""
    known = {"blocked": blocked, "domain": _find_domain(blocked), "why": WHYS[blocked.why]}
    context = {**known, "back": back, "do": do, "most": LONGEST_REASON}
    if request.method != "POST" or request.POST.get(SURE) != YES:
        return render(request, "console/unblock.html", context)
    try:
        reason = _read_reason(request.POST)
    except NoLogReason as problem:
        return render(request, "console/unblock.html", {**context, "error": str(problem)}, status=400)
    who = user_of(request).who
    suppression.unblock(bytes(blocked.mark), who=who, reason=reason, at_utc=timezone.now())
    return notices.say(request, _("You unblocked the address. We write to it again from now on."), page=back)


def _find_domain(blocked: Suppression) -> str:
    """Of the address, while we keep the email from which we know it; nobody can read the address itself."""
    if blocked.evidence is None:
        return ""
    about = KeptMail.objects.filter(pk=blocked.evidence).values_list("about", flat=True).first() or blocked.evidence
    return QueuedEmail.objects.filter(pk=about).values_list("domain", flat=True).first() or ""


def _read_reason(sent: Mapping[str, str]) -> str:
    """One line for the activity log, which nobody's address belongs in.   Raises  NoLogReason."""
    try:
        reason = paragraph(sent.get("reason", ""), most=LONGEST_REASON)
    except CannotRead as problem:
        raise NoLogReason(str(problem)) from problem
    if len(reason) < SHORTEST_REASON:
        raise NoLogReason(_("Give a reason of at least 10 characters."))
    if "@" in reason:
        raise NoLogReason(_("Leave the address out. The activity log contains no personal data."))
    return reason

"""The list of inquiries, and one of them opened."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from troth import gate
from troth.uses.inquiries import actions
from troth.uses.inquiries.models import Inquiry
from troth.web.console import requests
from troth.web.console.lines import inquiry_line
from troth.web.console.staff import ANSWER, READ, may, staff_only, user_of

ROWS_A_PAGE = 25


@require_safe
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    return _list(request, {})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def opened(request: HttpRequest, number: str) -> HttpResponse:
    """One inquiry opened. POST `do`: contact (reads it), answered (closes it)."""
    inquiry = get_object_or_404(Inquiry, number=number)
    user = user_of(request)
    answers = may(user, ANSWER, actions.PURPOSE)
    context: dict[str, object] = {
        "opened": inquiry,
        "steps": requests.inquiry_steps(inquiry),
        "may_read": may(user, READ, actions.PURPOSE),
        "closable": inquiry.state == Inquiry.ASSIGNED and answers,
    }
    match request.POST.get("do"):
        case "answered" if not answers:
            return _list(request, context, status=403)
        case "answered":
            actions.answer(inquiry.pk, who=f"staff:{user.username}", at_utc=timezone.now())
            return HttpResponseRedirect(request.path, status=303)
        case "contact":
            read, status = requests.asked_contact(request, inquiry, purpose=actions.PURPOSE)
            return _list(request, context | read, status=status)
    return _list(request, context)


def _list(request: HttpRequest, opened: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    page = Paginator(Inquiry.objects.order_by("-received_utc"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    inquiries = list(page.object_list)
    one = opened.get("opened")
    if isinstance(one, Inquiry) and one not in inquiries:
        inquiries.insert(0, one)
    context = {
        "lines": [inquiry_line(inquiry, at_utc=now) for inquiry in inquiries],
        "page": page,
        "section": gate.policy().section_of(actions.PURPOSE),
        **opened,
    }
    return render(request, "console/inquiries.html", context, status=status)

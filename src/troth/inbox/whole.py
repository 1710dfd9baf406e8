"""The whole email of a message, one click away from its request: for those who have just read that request."""

from django.db.models import Q
from django.http import HttpRequest

from troth.cases.models import Case
from troth.cases.thread.models import CaseMessage
from troth.collection.mailbox.models import KeptMail
from troth.desk import index, reading
from troth.desk.staff import READ, may, user_of


def find_read(request: HttpRequest, mail: KeptMail) -> Case | None:
    """The request that has the mail as a message, while this session's reading of it is open. Nothing is written."""
    # It may have been moved, merged or parted since.
    cases = list(Case.objects.filter(Q(pk=mail.request) | Q(person=mail.person_id)).values_list("pk", flat=True))
    came = Q(case__in=cases) | Q(first__in=cases)
    found = CaseMessage.objects.select_related("case", "first").filter(came, way="email", at_utc=mail.received_utc)
    message = next((each for each in found if each.person == mail.person_id), None)
    if message is None or not may(user_of(request), READ, message.case.purpose):
        return None
    case = message.case
    return case if reading.reread_contact(request, case, purpose=case.purpose) is not None else None


def find_address(case: Case) -> str:
    """Its page in the list that it is in."""
    found = (work.address for work in index.work_lists() if work.purpose == case.purpose)
    return next((f"{address}{case.number}/" for address in found), "")

"""Inquiries in the console: the list, and one of them opened."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.cases.kinds import name_end
from troth.desk import exporting
from troth.desk.acts import Panel
from troth.desk.entering import StaffEntry
from troth.desk.lists import lines, searching
from troth.desk.lists.lines import ListMoment, WorkLine
from troth.desk.lists.similar import same_product
from troth.desk.lists.worklist import WorkList
from troth.desk.steps import Step, list_all_steps
from troth.site import site
from troth.uses.inquiries import actions
from troth.uses.inquiries.models import Inquiry
from troth.words.values import why_in_words


def line(inquiry: Inquiry, shown: ListMoment) -> WorkLine:
    return lines.line_of(
        inquiry,
        shown,
        work="inquiries",
        about=", ".join(filter(None, (_name_place(inquiry), site().name_product(inquiry.product)))),
        owner=_name_queue(inquiry),
        alarm=why_in_words(inquiry.alarm),
    )


def _name_place(inquiry: Inquiry) -> str:
    place = in_force.policy().collects.get(inquiry.place)
    return place.title if place else inquiry.place


def _name_queue(inquiry: Inquiry) -> str:
    queue = in_force.policy().recipients.get(inquiry.queue)
    return queue.title if queue else inquiry.queue


def _list_steps(inquiry: Inquiry) -> list[Step]:
    queued = [Step(_("In the shared queue"), inquiry.assigned_utc)] if inquiry.assigned_utc else []
    return list_all_steps(inquiry, inquiry.place, *queued)


def _row(inquiry: Inquiry) -> list[str]:
    about = (_name_place(inquiry), site().name_product(inquiry.product) or inquiry.product, _name_queue(inquiry))
    return [exporting.write_code(name_end(inquiry, inquiry.stage)), *about, why_in_words(inquiry.alarm)]


WORK = WorkList(
    name="inquiries",
    title=gettext_lazy("Inquiries"),
    empty=(
        gettext_lazy("No inquiries"),
        gettext_lazy("Messages from the contact page and registered interests appear here."),
    ),
    purpose=actions.PURPOSE,
    promise=actions.PROMISE,
    alike=same_product,
    rows=Inquiry.objects.all,
    states=Inquiry.STAGES,
    state=Inquiry.OPEN,
    by_due=(Inquiry.OPEN,),
    line=line,
    steps=_list_steps,
    entry=StaffEntry("staff.entry", actions.record, gettext_lazy("Enter a message")),
    seeks=searching.SEEKS,
    sought=searching.find_number,
    to_show=searching.show(),
    filters="console/words.html",
    narrow=searching.narrow,
    exported="inquiries",
    columns=(
        gettext_lazy("State"),
        gettext_lazy("Way"),
        gettext_lazy("Product"),
        gettext_lazy("Queue"),
        gettext_lazy("Alarm"),
    ),
    row=_row,
)
PANEL = Panel(template="inquiries/opened.html")

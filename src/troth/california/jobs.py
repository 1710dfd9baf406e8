from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.california import answering
from troth.cases.models import Case


@queue.task("california.answer", _("Answer California disclosure requests"), every="*/5 * * * *")
def answer(timestamp: int) -> None:
    """Each proven request is answered: also one that staff proved, whose page nobody opened."""
    waiting = answering.DISCLOSURES.rows().filter(state=Case.OPEN).values_list("pk", flat=True)
    queue.each(waiting, lambda case: answering.carry_out(case, at_utc=datetime.now(UTC)))

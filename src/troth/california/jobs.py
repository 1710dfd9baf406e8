from datetime import UTC, datetime

from procrastinate.contrib.django import app

from troth.california import answering
from troth.cases.models import Case


@app.periodic(cron="*/5 * * * *")
@app.task(name="california.answer", queueing_lock="california.answer")
def answer(timestamp: int) -> None:
    """Each proven request is answered: also one that staff proved, whose page nobody opened."""
    for case in Case.objects.filter(kind=answering.KIND, state=Case.OPEN).values_list("pk", flat=True):
        answering.carry_out(case, at_utc=datetime.now(UTC))

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, queue
from troth.access.preferences import pausing
from troth.access.preferences.models import END


@due.task(END, _("End a pause that is over"))
def end_pause(pause: UUID, step: str, at_utc: datetime) -> None:
    pausing.end_by_itself(pause, at_utc=at_utc)


queue.retire("preferences.end_pauses")

"""Whose data a procedure is about, as the console shows it to those who approve."""

from collections.abc import Mapping

from django.utils import timezone

from troth import in_force
from troth.access.procedures.base import CoveredData
from troth.desk import callers, index
from troth.words.values import kinds_in_words


def describe_covered(said: CoveredData) -> Mapping[str, object]:
    return {
        "covered": kinds_in_words(in_force.policy(), said.kinds),
        "known_by": callers.list_requests(said.people, index.work_lists()),
        "secret": said.secret_until is not None and said.secret_until > timezone.now(),
    }

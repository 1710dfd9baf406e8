"""Support cases. They carry what it is about and how urgent it is, never who asks."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.cases.models import Case
from troth.wording import Words


class SupportCase(Case):
    """What it is about, how urgent it is and how it was rated; all else is the case's."""

    holds = "person"

    PRIORITIES: ClassVar[Mapping[str, Words]] = {
        "urgent": _("urgent"),
        "high": _("high"),
        "normal": _("normal"),
        "low": _("low"),
    }
    RATINGS: ClassVar[Mapping[str, Words]] = {
        "5": _("Very good"),
        "4": _("Good"),
        "3": _("Fair"),
        "2": _("Poor"),
        "1": _("Very poor"),
    }

    case = models.OneToOneField(Case, models.RESTRICT, parent_link=True, primary_key=True, related_name="support")
    place = models.TextField(help_text="Where it came in, e.g. form.support.")
    version = models.IntegerField()
    product = models.TextField(default="")
    release = models.TextField(default="", help_text="The release in use, as it was typed.")
    priority = models.TextField(default="normal")
    rating = models.TextField(default="")
    rated_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "support_case"

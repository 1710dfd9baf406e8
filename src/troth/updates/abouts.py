"""What the history of someone says an email about a version is about: that version, and its page."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from troth.updates import sending
from troth.updates.models import PolicyUpdate
from troth.words.story import LineAbout


def list_abouts(batches: Collection[UUID]) -> Mapping[UUID, LineAbout]:
    """Those of these batches that tell of a version.   Cost  1 query"""
    found = {batch: each for each in PolicyUpdate.objects.all() for batch in sending.list_batches(each.pk)}
    return {batch: _describe(found[batch]) for batch in batches if batch in found}


def name_version(update: PolicyUpdate) -> str:
    """What a person reads of a version: the number of one that was withdrawn is another one's by now, or nobody's."""
    words = _("Policy version %(version)s, withdrawn") if _is_gone(update) else _("Policy version %(version)s")
    return words % {"version": update.version}


def _describe(update: PolicyUpdate) -> LineAbout:
    return LineAbout(name_version(update), "" if _is_gone(update) else f"/policy/{update.version}")


def _is_gone(update: PolicyUpdate) -> bool:
    return update.state == PolicyUpdate.Phase.WITHDRAWN

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


def _describe(update: PolicyUpdate) -> LineAbout:
    # The number of a version that was withdrawn is another one's by now, or nobody's.
    gone = update.state == PolicyUpdate.Phase.WITHDRAWN
    title = _("Policy version %(version)s") % {"version": update.version}
    return LineAbout(title, "" if gone else f"/policy/{update.version}")

"""Why a request may be denied: codes that programs read, beside the sentence that the person reads."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from troth.wording import Words

OTHER = "other"
REASONS: Mapping[str, Words] = {
    "insuf_verification": _("the request could not be verified"),
    "no_match": _("we hold no data about this person"),
    "claim_not_covered": _("not covered by a law or our policy"),
    "outside_jurisdiction": _("the law named does not apply"),
    "suspected_fraud": _("we believe someone else made the request"),
    "too_many_requests": _("repeated too often"),
    OTHER: _("other reason"),
}
"""The reasons of the Data Rights Protocol; staff choose one for every denial."""

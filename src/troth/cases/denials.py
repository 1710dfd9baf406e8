"""Why a request may be denied: codes that programs read, beside the sentence that the person reads."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = "other"
REASONS: Mapping[str, "Promise | str"] = {
    "insuf_verification": _("nobody could show that the request is theirs"),
    "no_match": _("we hold nothing of this person"),
    "claim_not_covered": _("no law or promise of ours covers it"),
    "outside_jurisdiction": _("the law named does not apply"),
    "suspected_fraud": _("we think that somebody else asked"),
    "too_many_requests": _("the same was asked too often"),
    OTHER: _("something else"),
}
"""The reasons of the Data Rights Protocol; staff choose one for every denial."""

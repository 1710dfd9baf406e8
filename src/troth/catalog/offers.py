"""What this version can do for a policy, as its rooms say; `troth policy check` compares the two."""

from collections.abc import Mapping
from dataclasses import dataclass

from troth.policy import Policy
from troth.policy.parting import find_whole
from troth.policy.terms import Purpose


@dataclass(frozen=True)
class OfferedEmail:
    """An email by its name; `to`: the class of recipients whom alone it is for."""

    name: str
    to: str = ""

    def concerns(self, purpose: Purpose) -> bool:
        """Whether a policy with this purpose can ever have it sent."""
        return not self.to or self.to in purpose.recipients


@dataclass(frozen=True)
class Offer:
    """The ways of collecting and the emails that the program has.

    places  ways of collecting with a page or a job
    files   those of them that take files
    held    purpose → emails that leave only where the policy states them
    owed    purpose → emails that protect an account or answer a request: they leave anyway, by a time of our own"""

    places: frozenset[str]
    files: frozenset[str]
    held: Mapping[str, tuple[OfferedEmail, ...]]
    owed: Mapping[str, tuple[OfferedEmail, ...]]

    def list_missing(self, policy: Policy) -> frozenset[str]:
        """Ids of the `collect` rules for which there is no page and no job."""
        return frozenset(map(find_whole, policy.collects)) - self.places

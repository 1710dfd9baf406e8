"""What this version can do for a policy, as its rooms say; `troth policy check` compares the two."""

from collections.abc import Mapping
from dataclasses import dataclass

from troth.policy import Policy


@dataclass(frozen=True)
class Offer:
    """The ways of collecting and the emails that the program has.

    places  ways of collecting with a page or a job
    files   those of them that take files
    held    purpose → emails that leave only where the policy states them
    owed    purpose → emails that protect an account or answer a request: they leave anyway, by a time of our own"""

    places: frozenset[str]
    files: frozenset[str]
    held: Mapping[str, tuple[str, ...]]
    owed: Mapping[str, tuple[str, ...]]

    def list_missing(self, policy: Policy) -> frozenset[str]:
        """Ids of the `collect` rules for which there is no page and no job."""
        return frozenset(policy.collects) - self.places

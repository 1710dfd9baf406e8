"""`troth policy …`: from checking a policy to adopting it."""

import click

from troth.cli.listed import Commands, ListedCommand


def _listed(place: str, summary: str, *, rooms: bool = False, django: bool = False, owner: str = "") -> ListedCommand:
    place = f"troth.cli.policy.{place}"
    return ListedCommand(place, summary, rooms=rooms, django=django, owner=owner, for_others=True)


_COMMANDS = {
    "adopt": _listed("adopting:adopt", "Put a policy in force, or announce it.", django=True, owner="adopt a policy"),
    "check": _listed("checking:check", "List all findings in a policy.", rooms=True),
    "confirm": _listed("drafting:confirm", "Confirm that rules match their text."),
    "diff": _listed("showing:compare", "Show what a new version means for people."),
    "draft": _listed("drafting:draft", "Begin the next version."),
    "explain": _listed("showing:explain", "Explain why data may or may not be used."),
    "publish": _listed("showing:publish", "Write a policy as a page and as data."),
    "rehearse": _listed("adopting:rehearse", "Show what adopting a policy would mean.", django=True),
    "show": _listed("showing:show", "List the purposes and the data each may use."),
    "start": _listed("drafting:start", "Begin a policy from one that you have."),
}


@click.command(cls=Commands, listed=_COMMANDS)
def policy_commands() -> None:
    """Check, compare, confirm, adopt and publish a policy. DOCUMENT is a policy.md or a site folder."""

"""`troth policy …`: from checking a policy to adopting it."""

import click

from troth.cli.listed import Commands, ListedCommand


def _make_listed(
    place: str, summary: str, *, rooms: bool = False, django: bool = False, owner: str = ""
) -> ListedCommand:
    place = f"troth.cli.policy.{place}"
    return ListedCommand(place, summary, rooms=rooms, django=django, owner=owner, for_others=True)


_COMMANDS = {
    "adopt": _make_listed(
        "adopting:adopt", "Put a policy in force, or announce it.", django=True, owner="adopt a policy"
    ),
    "check": _make_listed("checking:check", "List all findings in a policy.", rooms=True),
    "confirm": _make_listed("drafting:confirm", "Confirm that rules match their text."),
    "diff": _make_listed("showing:compare", "Show what a new version means for people."),
    "draft": _make_listed("drafting:draft", "Begin the next version."),
    "explain": _make_listed("showing:explain", "Explain why data may or may not be used."),
    "publish": _make_listed("showing:publish", "Write a policy as a page and as data."),
    "rehearse": _make_listed("adopting:rehearse", "Show what adopting a policy would mean.", django=True),
    "show": _make_listed("showing:show", "List the purposes and the data each may use."),
    "start": _make_listed("drafting:start", "Begin a policy from one that you have."),
}


@click.command(cls=Commands, listed=_COMMANDS)
def policy_commands() -> None:
    """Check, compare, confirm, adopt and publish a policy. DOCUMENT is a policy.md or a site folder."""

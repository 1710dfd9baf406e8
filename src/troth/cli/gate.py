"""`troth gate …`: compares or rebuilds the rows that the gate asks."""

import click

from troth.cli.terminal import refuse, say
from troth.gate import owner

_SHOWN = 20


@click.group()
def gate_commands() -> None:
    """Compare the gate's records with people's data and answers, or rebuild them. As the owner."""


@gate_commands.command()
@click.option(
    "--compare", is_flag=True, help="Change nothing. List rows that differ, and exit with 1 if there are any."
)
def rebuild(compare: bool) -> None:
    """Rebuild everyone's record from their data and answers."""
    if not compare:
        say(f"Rebuilt the records of {owner.rebuild():,} people.")
        return
    found = owner.differences()
    for each in found[:_SHOWN]:
        say(f"{each.person}\n    stands  {each.stands or 'no row'}\n    truth   {each.truth or 'no row'}")
    if found:
        refuse(f"{len(found):,} rows differ from data and answers. To fix them, run: troth gate rebuild")
    say("All records match the data and answers.")

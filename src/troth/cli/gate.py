"""`troth gate …`: the projection that the gate asks, compared and made anew."""

import click

from troth.cli.terminal import refuse, say
from troth.gate import owner

_SHOWN = 20


@click.group()
def gate_commands() -> None:
    """Compare what stands for people with their data and answers, or make it anew. As the owner."""


@gate_commands.command()
@click.option("--compare", is_flag=True, help="Change nothing; say whose row differs, and end with 1 if any does.")
def rebuild(compare: bool) -> None:
    """Make everybody's standing anew from data and answers, which are the truth."""
    if not compare:
        say(f"Made the standing of {owner.rebuild():,} people anew.")
        return
    found = owner.differences()
    for each in found[:_SHOWN]:
        say(f"{each.person}\n    stands  {each.stands or 'no row'}\n    truth   {each.truth or 'no row'}")
    if found:
        refuse(f"{len(found):,} rows differ from data and answers. Mend them with: troth gate rebuild")
    say("Everybody's standing is what data and answers say.")

"""`troth files …`: the stored files, looked at byte by byte."""

import click

from troth.cli.terminal import refuse, say
from troth.records import stored

_SHOWN = 20


@click.group()
def files_commands() -> None:
    """Verify the files that people sent."""


@files_commands.command()
def verify() -> None:
    """Read every stored file and compare it with its hash. Exits with 1 if one is missing or was changed."""
    found = list(stored.list_damaged())
    for id in found[:_SHOWN]:
        say(f"{id}   missing or changed")
    if found:
        refuse(f"{len(found):,} stored files are missing or were changed. Copy them back from your newest backup.")
    say(f"All {stored.count():,} stored files are as they were stored.")

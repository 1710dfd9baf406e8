"""`troth run`, which starts what the other processes are; it loads nothing that only they need."""

import os

import click

from troth import supervise
from troth.cli.terminal import say


@click.command()
@click.option("--insecure-as-root", is_flag=True, help="Let pages run as root. Not for production.")
def run(insecure_as_root: bool) -> None:
    """Run the site: database, pages and jobs, until Ctrl-C."""
    supervise.run(os.environ, as_root=insecure_as_root, say=say)

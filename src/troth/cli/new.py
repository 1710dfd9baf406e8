"""`troth new`, which needs no database."""

import re
import shlex
from datetime import datetime
from pathlib import Path

import click

from troth import catalog
from troth.addresses import comparable_domain
from troth.cli.terminal import refuse, say

_SIGNS = frozenset("{}[]<>«»`|\\")
"""They have a meaning of their own in the Markdown, the rules or the templates of a site."""
_LONGEST = 100


def _empty(context: click.Context, argument: click.Parameter, folder: Path) -> Path:
    """Before the first question: nobody answers three for a folder that is refused."""
    try:
        catalog.refuse_filled(folder)
    except catalog.FolderNotEmpty as error:
        refuse(str(error))
    return folder


def _organization(context: click.Context, option: click.Parameter, typed: str) -> str:
    typed = " ".join(typed.split())
    if not typed:
        raise click.BadParameter("A company has a name. Example: Example Software")
    if len(typed) > _LONGEST:
        raise click.BadParameter(f"The name has {len(typed)} characters. At most {_LONGEST} fit on the pages.")
    if signs := "".join(dict.fromkeys(sign for sign in typed if sign in _SIGNS)):
        raise click.BadParameter(f"“{typed}” holds {signs}, which a policy reads as a placeholder or as formatting.")
    return typed


def _domain(context: click.Context, option: click.Parameter, typed: str) -> str:
    domain = comparable_domain(re.sub(r"^(https?://)?(www\.)?", "", typed.strip().lower()).rstrip("/"))
    if not catalog.is_domain(domain):
        raise click.BadParameter(f"“{typed}” isn't a domain. Example: example.com")
    return domain


def _place(context: click.Context, option: click.Parameter, typed: str) -> str:
    place = typed.strip().upper()
    if not catalog.is_place(place):
        meant = " or ".join(catalog.suggest_places(typed.strip()))
        hint = f"Did you mean {meant}?" if meant else "Examples: US, US-CA, DE"
        raise click.BadParameter(f"“{typed}” isn't the code of a country or of a state of one. {hint}")
    return place


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), callback=_empty, is_eager=True)
@click.option(
    "--organization",
    prompt="Company name",
    callback=_organization,
    help="The name used in the policy and on the pages.",
)
@click.option("--domain", prompt="Domain, such as example.com", callback=_domain, help="For email addresses.")
@click.option(
    "--place",
    prompt="Country, or country and state, such as US or US-CA",
    callback=_place,
    help="Where the company is: its holidays, and whose requests go to its first salesperson.",
)
def new(folder: Path, organization: str, domain: str, place: str) -> None:
    """Create a site in FOLDER: a policy, a catalog, routing and a brand, without findings. Asks three questions."""
    today = datetime.now().astimezone().date()
    for path in catalog.new(folder, organization=organization, today=today, domain=domain, place=place):
        say(f"  {path}")
    named = shlex.quote(str(folder))
    say(f"\nCreated a site in {folder}. {_describe_zone(place)} Next:\n")
    say(f"  troth policy check {named}           # check its policy, after each change")
    say(f"  TROTH_SITE={named} troth run         # see it on this machine, until Ctrl-C")
    say(f"  TROTH_SITE={named} troth doctor      # meanwhile, in another terminal: what production still needs")


def _describe_zone(place: str) -> str:
    zone = catalog.zone_of(place)
    if not zone:
        return "Times are in UTC: name your time zone in brand.yaml."
    return f"Times are in {zone}: if yours is another one, change it in brand.yaml."

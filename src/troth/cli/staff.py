"""`troth staff …`: who of the staff may sign in, and as what."""

import click

from troth.cli.terminal import refuse, say
from troth.security import crew
from troth.security.crew import CrewProblem


@click.group()
def staff_commands() -> None:
    """Add members of staff, list them, close their accounts, or replace a lost second factor."""


@staff_commands.command()
@click.argument("username")
@click.option("--name", required=True, help="As colleagues and customers read it.")
@click.option("--role", required=True, help="sales, support, product, marketing, privacy, admin or auditor.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for if left out.")
def add(username: str, name: str, role: str, password: str) -> None:
    """Make an account for a member of staff, who sets up the second factor at the first sign-in."""
    try:
        made = crew.add(username, name=name, role=role, password=password)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{made.display_name} signs in at /console/ as {made.username} ({made.role}).")


@staff_commands.command("list")
def list_crew() -> None:
    """All members of staff, with role and state."""
    for user in crew.crew():
        last = f"last signed in {user.last_login:%Y-%m-%d}" if user.last_login else "never signed in"
        state = "open" if user.is_active else "closed"
        say(f"{user.username:<20} {user.role:<10} {state:<7} {last}  {user.display_name}")


@staff_commands.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account and end its sessions; what its owner did stays in the histories."""
    try:
        ended = crew.close(username)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{username} is closed. Sessions ended: {ended}.")


@staff_commands.command("reset-factors")
@click.argument("username")
def reset_factors(username: str) -> None:
    """Forget a lost second factor: the next sign-in sets up a new one."""
    try:
        ended = crew.reset_factors(username)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{username} sets up a new second factor at the next sign-in. Sessions ended: {ended}.")

"""`troth staff …`: staff accounts and their roles."""

import click

from troth.cli.terminal import refuse, say
from troth.security import crew
from troth.security.crew import CrewProblem


@click.group()
def staff_commands() -> None:
    """Add staff, list them, close their accounts, or reset two-step verification."""


@staff_commands.command()
@click.argument("username")
@click.option("--name", required=True, help="The name colleagues and customers see.")
@click.option("--role", required=True, help="sales, support, product, marketing, privacy, admin or auditor.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Prompted for if omitted.")
def add(username: str, name: str, role: str, password: str) -> None:
    """Create a staff account. Two-step verification is set up at the first sign-in."""
    try:
        made = crew.add(username, name=name, role=role, password=password)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{made.display_name} signs in at /console/ as {made.username} ({made.role}).")


@staff_commands.command("list")
def list_crew() -> None:
    """List staff with role and status."""
    for user in crew.crew():
        last = f"last signed in {user.last_login:%Y-%m-%d}" if user.last_login else "never signed in"
        state = "open" if user.is_active else "closed"
        say(f"{user.username:<20} {user.role:<10} {state:<7} {last}  {user.display_name}")


@staff_commands.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account and end its sessions. Its name stays in people's histories."""
    try:
        ended = crew.close(username)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{username} is closed. Sessions ended: {ended}.")


@staff_commands.command("reset-factors")
@click.argument("username")
def reset_factors(username: str) -> None:
    """Reset two-step verification: the next sign-in sets it up again."""
    try:
        ended = crew.reset_factors(username)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{username} sets up two-step verification at the next sign-in. Sessions ended: {ended}.")

"""`troth staff …`: staff accounts and their roles."""

import sys

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
@click.option("--password", help="Others on this machine can see it here. If omitted, asked for or read as below.")
def add(username: str, name: str, role: str, password: str | None) -> None:
    """Create a staff account. Two-step verification is set up at the first sign-in.

    Asks for the password. In a script, it is the first line of standard input."""
    try:
        made = crew.add(username, name=name, role=role, password=_ask_password() if password is None else password)
    except CrewProblem as problem:
        refuse(str(problem))
    say(f"{made.display_name} signs in at /console/ as {made.username} ({made.role}).")


def _ask_password() -> str:
    """Asked for twice at a terminal; the first line of a script's standard input, which no list of processes shows."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        line = sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        refuse("The password on standard input isn't UTF-8.")
    return line or refuse("There is no password: type it at a terminal, or give it as a line on standard input.")


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

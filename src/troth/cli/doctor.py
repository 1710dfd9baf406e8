"""`troth doctor`: one line for each thing that is fine or missing."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from troth import database, users
from troth.cli.listed import set_up_django
from troth.cli.terminal import say
from troth.environment import Environment, EnvironmentProblem

if TYPE_CHECKING:
    from troth.doctor import Check, Checked, Patient

_FIRST = ("database", "roles", "migrations", "keys", "key", "address")
"""What others wait for."""
_MARKS = {"fine": "ok     ", "missing": "MISSING", "unchecked": "?      "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def doctor(as_json: bool) -> None:
    """Check everything that this site needs in production. Exits with 1 if anything is missing.

    Changes nothing and sends nothing. As root it checks as each process's own user."""
    try:
        environment = Environment.read(os.environ)
    except EnvironmentProblem as problem:
        _end([("settings", line, "") for line in str(problem).splitlines()], as_json=as_json)
        return
    # Only now that the variables are known to be right.
    set_up_django()
    from troth.doctor import examine, is_fit

    patient, found = _patient(environment), []
    for step, checks in _steps().items():
        if not as_json:
            say(f"{step}\n")
        for checked in examine(patient, checks):
            found.append(checked)
            if not as_json:
                _show(checked)
        if not as_json:
            say("")
    if as_json:
        say(json.dumps({"fit": is_fit(found), "checks": list(_rows(found))}, indent=2))
    else:
        say("Nothing is missing." if is_fit(found) else _sum_up(found))
    sys.exit(0 if is_fit(found) else 1)


def _end(problems: Sequence[tuple[str, str, str]], *, as_json: bool) -> None:
    """Without settings nothing else can be checked."""
    rows = [{"check": name, "state": "missing", "says": said, "fix": fix} for name, said, fix in problems]
    if as_json:
        say(json.dumps({"fit": False, "checks": rows}, indent=2))
    else:
        for row in rows:
            say(f"{_MARKS['missing']}  {row['check']:<10} {row['says']}")
    sys.exit(1)


def _patient(environment: Environment) -> "Patient":
    from troth.doctor import Patient

    embedded = not os.environ.get("DATABASE_URL")
    as_root = os.geteuid() == 0
    return Patient(
        environment=environment,
        owner_url=database.owner_url(environment.var) if embedded else environment.owner_url,
        sealer_url=database.sealer_url(environment.var) if embedded else environment.sealer_url,
        web_user=database.WEB_USER if as_root and users.user_exists(database.WEB_USER) else None,
        sealer_user=database.SEALER_USER if as_root and users.user_exists(database.SEALER_USER) else None,
        folder=Path(folder) if (folder := os.environ.get("TROTH_CONFIG")) else None,
    )


def _steps() -> "dict[str, dict[str, Check]]":
    """The checks of each step of docs/running.md, in its order. Loaded here, for they read tables."""
    from troth.doctor import machine, outside, server, site

    return {
        "3. Settings": {
            "settings": machine.settings_files,
            "folders": machine.folders,
            "disk": machine.disk,
            "clock": server.clock,
            "email": outside.mail,
            "viruses": outside.viruses,
            "inbox": outside.inbox,
        },
        "4. Database": {"database": server.answers, "roles": server.roles},
        "5. Start": {
            "migrations": server.migrations,
            "keys": machine.keys,
            "key": server.key,
            "static": outside.static,
            "policy": site.check_policy,
            "pages": site.pages,
            "jobs": site.jobs,
            "signing": site.signing,
        },
        "6. Your address, with TLS": {"address": outside.address, "proxy": outside.proxy},
        "7. People": {"staff": site.staff},
        "8. Keys and their copies": {"copies": machine.copies, "backup": machine.backups},
    }


def _show(checked: "Checked") -> None:
    for line in checked.lines:
        say(f"{_MARKS[line.state]}  {checked.name:<10} {line.says}")
        if line.fix:
            say(f"{'':<21}→ {line.fix}")


def _rows(found: "Sequence[Checked]") -> Iterator[dict[str, str]]:
    for each in found:
        for line in each.lines:
            yield {"check": each.name, "state": line.state, "says": line.says, "fix": line.fix}


def _sum_up(found: "Sequence[Checked]") -> str:
    """How many things are missing, and what to do first: what a database or a start lacks comes before all else."""
    lacking = [row for row in _rows(found) if row["state"] == "missing"]
    first = next((row for row in lacking if row["check"] in _FIRST), lacking[0])
    return f"Missing: {len(lacking)}. Begin with {first['check']}: {first['fix']}"

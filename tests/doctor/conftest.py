import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.site import site

from troth.doctor import Check, CheckState, Patient
from troth.environment import Environment

__all__ = ["site"]

Looked = Callable[..., dict[str, list[str]]]


@pytest.fixture
def patient() -> Patient:
    """The tests' own site, as its owner looks at it."""
    return Patient(
        environment=replace(Environment.read(os.environ), demo=False),
        owner_url=os.environ["TROTH_OWNER_URL"],
        sealer_url=os.environ["TROTH_SEALER_URL"],
        web_user=None,
        sealer_user=None,
    )


@pytest.fixture
def look(patient: Patient) -> Looked:
    """What one check says, by state. `changed`: of the environment."""

    def looked(check: Check, **changed: Any) -> dict[str, list[str]]:
        seen = replace(patient, environment=replace(patient.environment, **changed))
        found: dict[str, list[str]] = {state.value: [] for state in CheckState}
        for line in check(seen):
            found[line.state].append(line.says)
            assert line.fix or line.state is not CheckState.MISSING, "whoever is told gets something to do"
        return found

    return looked

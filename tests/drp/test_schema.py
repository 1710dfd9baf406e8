"""What stands at /drp answers as its description says, whatever is sent: schemathesis against the real application."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from tests.drp.agents import paired

from troth.security import limits

OPERATIONS = (
    ("/v1/agent/{id}", "POST"),
    ("/v1/agent/{id}", "GET"),
    ("/v1/data-rights-request", "POST"),
    ("/v1/data-rights-request/{id}", "GET"),
    ("/v1/data-rights-request/{id}", "DELETE"),
)
EXAMPLES = settings(max_examples=20, suppress_health_check=list(HealthCheck))


@pytest.fixture
def described(agents: Any, monkeypatch: Any) -> Any:
    """The application behind its WSGI door. The guard against guessing is off: it would answer all but the first."""
    from django.core.wsgi import get_wsgi_application

    from troth.drp import views

    monkeypatch.setattr(views, "_FAILING", limits.Limit("agent refused", 10**6, views._FAILING.within))
    return schemathesis.openapi.from_wsgi("/drp/openapi.json", get_wsgi_application())


def test_all_operations_are_tried(described: Any) -> None:
    found = {(each.ok().path, each.ok().method.upper()) for each in described.get_all_operations()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_description_names(described: Any, path: str, method: str) -> None:
    """Each request is sent by a stranger and by an agent: to draw one takes longer than to answer both."""
    agent = {"Authorization": f"Bearer {paired()}"}

    @EXAMPLES
    @given(case=described[path][method].as_strategy())
    def answered(case: Any) -> None:
        for headers in ({}, agent):
            case.call_and_validate(headers=headers)

    answered()

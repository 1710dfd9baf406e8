from typing import TYPE_CHECKING, Any

import pytest
from tests.site import site
from tests.visits import send, visitor

from troth import queue

if TYPE_CHECKING:
    from troth.uses.support.models import SupportCase

__all__ = ["site"]


@pytest.fixture
def too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page gets its job done in time, so that a worker does it."""
    monkeypatch.setattr(queue, "WITHIN_SECONDS", 0)


@pytest.fixture
def case(site: Any, run_jobs: Any) -> "SupportCase":
    """A support case of Marisol's, as the form makes it."""
    from tests.uses.test_support import ASKED  # this file is read before Django is set up

    from troth.uses.support.models import SupportCase

    assert send(visitor(), "/support/", ASKED).status_code == 303
    run_jobs()
    return SupportCase.objects.get()

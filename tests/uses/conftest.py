import pytest
from tests.site import site

from troth import queue

__all__ = ["site"]


@pytest.fixture
def too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page gets its job done in time, so that a worker does it."""
    monkeypatch.setattr(queue, "WITHIN_SECONDS", 0)

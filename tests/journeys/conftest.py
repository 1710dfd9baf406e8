import pytest
from tests.site import site

__all__ = ["site"]


@pytest.fixture(autouse=True)
def _any_email_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests queue an email for each purpose; which ones a policy states is tested with the outbox."""
    from troth.outbox import emails

    monkeypatch.setattr(emails, "is_stated", lambda template, *, purpose, policy: True)

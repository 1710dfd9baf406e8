"""The small policy that tests of the language start from, and the reference policy."""

from pathlib import Path

import pytest
from tests.policy.texts import sound

from troth.policy import Policy, confirm

HERE = Path(__file__).parent
REFERENCE = HERE.parent.parent / "examples" / "optiproerp" / "policy.md"


@pytest.fixture(scope="session")
def base() -> str:
    """The text of a small policy without any finding."""
    return confirm((HERE / "base.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def calder(base: str) -> Policy:
    """The small policy, compiled."""
    return sound(base)


@pytest.fixture(scope="session")
def reference() -> str:
    """The text of the reference policy."""
    return REFERENCE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def german() -> str:
    """The small policy's prose in German."""
    return (HERE / "base.de.md").read_text(encoding="utf-8")

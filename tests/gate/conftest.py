from collections.abc import Callable

import pytest
from django.db import connections

from troth.policy import Policy
from troth.records import versions


@pytest.fixture
def adopt(owner) -> Callable[[str], Policy]:
    """Adopt a text as the owner."""
    return lambda text: versions.adopt(text, by="staff:test", using=connections["owner"])

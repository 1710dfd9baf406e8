"""How times come out of the database: read by Python's own parser of ISO 8601, which is written in C.

Django's loader matches each time with a regular expression in Python. In five hundred rows that took longer than the
query, and in a copy with ten thousand entries as long as all else.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template


class TimeLoader(BaseTzLoader):  # type: ignore[misc]  # its base has no types
    """A time with its zone, such as 2026-03-01 09:30:00.25+00."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data)  # type: ignore[no-any-return]  # before year 1, or infinite: it says so


def open_loading() -> None:
    """For each connection that Django makes from now on."""
    get_adapters_template(True, UTC).register_loader("timestamptz", TimeLoader)

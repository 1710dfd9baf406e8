"""Cells of a CSV file: the words themselves, and no spreadsheet takes them for a formula."""

import re

_SIGNS = r"[=+\-@\t\r\n＝＋－＠]"
"""The wide signs, too: spreadsheets set to Japanese or Chinese read them as the narrow ones.   Source  OWASP"""
_FORMULA = re.compile(rf"(^|;[\s\"]*)(?={_SIGNS})")
"""Where a spreadsheet's language writes 1,5 for one and a half, a semicolon begins the next cell."""


def cell(value: object) -> str:
    """The value as a cell; what begins like a formula gets an apostrophe, which spreadsheets show as text."""
    return "" if value is None else _FORMULA.sub(r"\1'", str(value))

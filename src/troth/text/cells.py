"""Cells of a CSV file: the words themselves, and no spreadsheet takes them for a formula."""

_BEGINS = tuple("=+-@\t\r\n＝＋－＠")
"""The wide signs, too: spreadsheets set to Japanese or Chinese read them as the narrow ones.   Source  OWASP"""


def cell(value: object) -> str:
    """The value as a cell; what begins like a formula gets an apostrophe, which spreadsheets show as text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGINS) else text

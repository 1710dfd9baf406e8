"""Cells of a CSV file: the words themselves, and no spreadsheet takes them for a formula."""


def cell(value: object) -> str:
    """The value as a cell; what begins like a formula gets an apostrophe, which spreadsheets show as text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text

"""A policy that was written for something else, as Markdown: from HTML, from DOCX, or as it is."""

import re

from .source import MOST_BYTES

_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:<!doctype|<html|<body|<h[1-6]|<p[ >]|<div|<article|<main|<section)", re.IGNORECASE
)


class CannotConvert(Exception):
    """The file can't be read; the message says why."""


def convert(source: bytes) -> str:
    """The Markdown of a policy.   Takes  DOCX, HTML in UTF-8, or Markdown.   Raises  CannotConvert."""
    from . import markdown  # here alone: its libraries would make each start of the site a quarter of a second longer

    if source.startswith(b"PK"):
        try:
            return markdown.from_docx(source)
        except markdown.DocumentTooLarge as error:
            raise CannotConvert("The document is too large once it is unpacked.") from error
        except Exception as error:  # a broken archive, and whatever a library raises at broken XML in it
            raise CannotConvert("The file isn't a DOCX document that can be read.") from error
    if len(source) > MOST_BYTES * 4:
        raise CannotConvert(f"The file is larger than {MOST_BYTES * 4} bytes.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotConvert("The file isn't UTF-8 text. Save it as UTF-8, or as DOCX.") from error
    return markdown.from_html(text) if _LOOKS_LIKE_HTML.match(source) else text.replace("\r\n", "\n")

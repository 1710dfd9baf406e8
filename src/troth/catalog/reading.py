"""Reads files of a site into fields, and types of values that several files share."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from troth.opening import explain_file_error
from troth.policy.fields import Fields
from troth.policy.source import MOST_BYTES, Node, decode, read_yaml

from .findings import CatalogReport
from .terms import Price

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


def read_file(folder: Path, name: str) -> tuple[Fields | None, CatalogReport]:
    """The fields of one YAML file, or None after findings; and the report that its findings go to."""
    raw, report = _bytes(folder, name)
    if raw is None:
        return None, report
    text, found = decode(raw)
    report = CatalogReport(name, (text or "").split("\n"))
    report.take(found)
    if text is None:
        return None, report
    return _fields(text, name, report), report


def _bytes(folder: Path, name: str) -> tuple[bytes | None, CatalogReport]:
    report = CatalogReport(name, [])
    nowhere = Node(1, 1)
    path = folder / name
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        report.add("unreadable-file", nowhere, file=name, problem="it is not an ordinary file")
        return None, report
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        report.add("missing-file", nowhere, file=name)
        return None, report
    except OSError as error:
        report.add("unreadable-file", nowhere, file=name, problem=explain_file_error(error))
        return None, report
    if not raw.strip():
        report.add("empty-file", nowhere, file=name)
        return None, report
    return raw, report


def _fields(text: str, name: str, report: CatalogReport) -> Fields | None:
    node = read_yaml(text, 1, report)
    if node is None:
        if not report.failed:  # only comments
            report.add("empty-file", Node(1, 1), file=name)
        return None
    if node.pairs is None:
        report.add("not-a-mapping", node, file=name, shape=node.shape)
        return None
    return Fields(node, name, report)


def each(fields: Fields, name: str, *, called: str) -> Iterator[Fields]:
    """The mappings of a list, each as fields; `called` names the key that names it in findings."""
    node = fields.value(name)
    if node is None or (node.text is not None and not node.text.strip()):
        return
    if node.items is None:
        fields.wrong_shape(name, node, "a list")
        return
    for item in node.items:
        if item.pairs is None:
            fields.wrong_shape(name, item, "a mapping in the list")
            continue
        own = next((value.text for key, value in item.pairs if key.text == called and value.text), "")
        yield Fields(item, f"{called} {own}".strip(), fields.report)


def slug(fields: Fields, name: str) -> str:
    text = fields.text(name)
    if text and not _SLUG.fullmatch(text):
        fields.report.add("bad-slug", fields.value(name) or fields.node, slug=text)
    return text


def price(fields: Fields, name: str) -> Price | None:
    """A price as `{amount, currency, per}`; None where there is none, or after a finding."""
    node = fields.value(name)
    if node is None or node.text == "on request":
        return None
    parts = fields.mapping(name)
    parts.only(("amount", "currency", "per"))
    amount, currency = parts.text("amount"), parts.text("currency")
    if amount and not _AMOUNT.fullmatch(amount):
        fields.report.add("bad-price", parts.value("amount") or parts.node, price=amount)
    if currency and not _CURRENCY.fullmatch(currency):
        fields.report.add("bad-currency", parts.value("currency") or parts.node, currency=currency)
    sound = _AMOUNT.fullmatch(amount) and _CURRENCY.fullmatch(currency)
    return Price(Decimal(amount), currency, parts.text("per", default="piece")) if sound else None


def day(fields: Fields, name: str) -> date | None:
    """A date; None if the field is missing or, after a finding, if it is none."""
    if not fields.has(name):
        return None
    text = fields.text(name)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    if text:
        fields.report.add("not-a-date", fields.value(name) or fields.node, date=text)
    return None


def number(fields: Fields, name: str, *, least: int, default: int) -> int:
    if not fields.has(name):
        return default
    text = fields.text(name)
    if re.fullmatch(r"\d{1,7}", text, re.ASCII) and int(text) >= least:
        return int(text)
    if text:
        place = fields.value(name) or fields.node
        fields.report.add("bad-number", place, key=name, owner=fields.name, least=least, number=text)
    return default


def domains(fields: Fields, name: str) -> frozenset[str]:
    """Domains of email in small letters; none where the file names none."""
    found = fields.texts(name)
    for text in found:
        if not is_domain(text):
            fields.report.add("bad-email-domain", fields.value(name) or fields.node, domain=text)
    return frozenset(text.lower() for text in found)


def is_domain(text: str) -> bool:
    """Whether it looks like example.com."""
    return bool(_DOMAIN.fullmatch(text))


def email(fields: Fields, name: str) -> str:
    text = fields.text(name)
    if text and not _EMAIL.fullmatch(text):
        fields.report.add("bad-address", fields.value(name) or fields.node, email=text)
    return text

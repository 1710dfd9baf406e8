"""Reads a site folder: its brand, catalog and routing, or all their errors at once."""

import re
from dataclasses import dataclass
from pathlib import Path

from troth.policy.source import Node

from .brand import read_brand
from .findings import CatalogFinding, CatalogReport
from .new import placeholders
from .products import Shelf, join_services, read_catalog_file
from .reading import read_file
from .recipients import check_zips
from .rules import read_routing
from .terms import Brand, Routing, SiteFolder

_SIGN_IN_COOKIE = re.compile(r"^cookie:\s*[\"']?(?:__Host-)?troth-session[\"']?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The site, or None if any finding is an error."""

    site: SiteFolder | None
    findings: tuple[CatalogFinding, ...]


def load(folder: Path, *, checked: bool = True) -> Loaded:
    """The site in a folder, and every finding in its files. Never raises, whatever a file contains.

    The policy is not compiled here: `troth.policy.compile` does that.

    Takes   checked: False leaves out what only a check of the site needs to know, and is slow to find
    """
    reports: list[CatalogReport] = []
    brand = _load_brand(folder, reports)
    shelf = _load_shelf(folder, reports)
    products = join_services(shelf)
    routing_fields, report = read_file(folder, "routing.yaml")
    reports.append(report)
    routing: Routing | None = read_routing(routing_fields, products) if routing_fields else None
    if checked and routing_fields:
        check_zips(routing_fields)
    reports.append(_sign_in_cookie(folder))
    reports += [_find_placeholders(folder, name) for name in ("brand.yaml", "policy.md")]
    findings = tuple(finding for report in reports for finding in report.site_findings())
    if brand is None or routing is None or any(finding.severity == "error" for finding in findings):
        return Loaded(None, findings)
    return Loaded(SiteFolder(brand, products, shelf.services, routing), findings)


def _sign_in_cookie(folder: Path) -> CatalogReport:
    """A warning if the policy does not declare the cookie without which nobody can open the console."""
    text = _read(folder / "policy.md")
    report = CatalogReport("policy.md", text.splitlines())
    if text and not _SIGN_IN_COOKIE.search(text):
        report.add("no-sign-in-cookie", Node(1, 1))
    return report


def _find_placeholders(folder: Path, name: str) -> CatalogReport:
    """A warning for each thing that `troth new` left to its author: the first start puts the policy in force."""
    lines = _read(folder / name).splitlines()
    report = CatalogReport(name, lines)
    for number, line in enumerate(lines, 1):
        for words in placeholders(line):
            report.add("left-to-replace", Node(number, 1), words=words)
    return report


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _load_brand(folder: Path, reports: list[CatalogReport]) -> Brand | None:
    fields, report = read_file(folder, "brand.yaml")
    reports.append(report)
    return read_brand(fields) if fields else None


def _load_shelf(folder: Path, reports: list[CatalogReport]) -> Shelf:
    shelf = Shelf()
    for name in sorted(_catalog_files(folder)):
        fields, report = read_file(folder, name)
        reports.append(report)
        if fields:
            read_catalog_file(fields, name, shelf)
    if not shelf.products:
        reports.append(_without_products("catalog"))
    return shelf


def _catalog_files(folder: Path) -> list[str]:
    """The YAML files of the catalog; hidden files belong to editors."""
    paths = (folder / "catalog").glob("[!.]*")
    return [f"catalog/{path.name}" for path in paths if path.suffix in (".yaml", ".yml")]


def _without_products(name: str) -> CatalogReport:
    report = CatalogReport(name, [])
    report.add("no-products", Node(1, 1))
    return report

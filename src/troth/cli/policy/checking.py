"""`troth policy check`: of a policy, its translations and its site, beside what the rooms do."""

from datetime import UTC, datetime
from pathlib import Path

import click

from troth import catalog, policy
from troth.cli.policy.documents import DOCUMENT, find_file, find_previous
from troth.cli.policy.translating import check_translations
from troth.cli.terminal import count, has_errors, list_findings, refuse, say
from troth.desk import index
from troth.policy.parting import find_whole


@click.command()
@DOCUMENT
def check(document: Path) -> None:
    """List all findings in DOCUMENT, in its translations, and in its site if it is a folder.

    Where versions/ has the version before, also what would prevent DOCUMENT from following it.
    """
    file = find_file(document)
    compiled = policy.compile(file.read_bytes())
    list_findings(compiled.findings, of=f"{file}:")
    translated = check_translations(document, file, compiled.policy) if compiled.policy else ()
    site = catalog.load(document).findings if document.is_dir() else ()
    list_findings(site, of=f"{document}/")
    rules = compiled.policy
    # What the rules lack is known of a draft with errors, too: then all comes at once.
    missing = _list_missing(compiled.draft) if compiled.draft else ()
    list_findings(missing, of=f"{file.parent}/")
    before = find_previous(file, rules.version) if rules else None
    following = _list_following(before, rules) if before and rules else ()
    list_findings(following, of=f"{file}:")
    number = sum(len(found) for found in (compiled.findings, translated, site, missing, following))
    if any(has_errors(found) for found in (compiled.findings, site, following)):
        refuse(f"{count(number, 'finding', 'findings')}. A policy with errors can't be adopted.")
    if has_errors(translated):
        refuse(f"{count(number, 'finding', 'findings')}. A translation with errors is left out at adoption.")
    assert rules is not None
    say(
        f"{file} is valid: version {rules.version}, {len(rules.purposes)} purposes, {len(rules.kinds)} kinds, "
        f"{len(set(map(find_whole, rules.collects)))} ways of collecting. {count(number, 'warning', 'warnings')}."
    )


def _list_following(before: policy.Policy, rules: policy.Policy) -> tuple[policy.Finding, ...]:
    """What prevents a version from following the one before; as if announced today, where its date is to come."""
    today = datetime.now(UTC).date()
    return policy.succession(before, rules, announced=today if rules.effective > today else None)


def _list_missing(rules: policy.Policy) -> tuple[catalog.CatalogFinding, ...]:
    """What the policy states and the program lacks, or the other way around: the rooms say what they do."""
    offer = index.offer()
    return (*catalog.not_offered(rules, offer), *catalog.silent(rules, offer))

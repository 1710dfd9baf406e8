"""The second half of routing.yaml: the ordered rules."""

from collections.abc import Iterable, Mapping

from troth.policy.fields import Fields, did_you_mean
from troth.policy.source import Node

from .reading import each, number
from .recipients import GROUPS, read_fallback, read_group, read_territories
from .terms import NEEDS, Need, Product, Routing, RoutingRecipient, RoutingRule, Territory

_CONDITIONS = ("products", "lines", "territories", "need", "users")


def read_routing(fields: Fields, products: Mapping[str, Product]) -> Routing:
    """The routing that a file describes; its rules may name only what the file and the catalog declare."""
    fields.only((*GROUPS, "territories", "rules", "fallback"))
    seen: dict[str, str] = {}
    groups = {group: read_group(fields, group, seen) for group in GROUPS}
    recipients = {key: one for group in groups.values() for key, one in group.items()}
    territories = read_territories(fields)
    reader = _RuleReader(recipients, territories, products)
    rules = tuple(reader.read(one, place) for place, one in enumerate(each(fields, "rules", called="rule")))
    if not rules:
        fields.report.add("no-rules", fields.place("rules"))
    _check_names(fields, rules)
    _check_reach(fields, rules)
    _check_named(fields, recipients, rules)
    return Routing(
        rules=rules,
        salespeople=groups["salespeople"],
        distributors=groups["distributors"],
        consultants=groups["consultants"],
        territories=territories,
        fallback=read_fallback(fields),
    )


class _RuleReader:
    """Rules read against the declared recipients, territories and products."""

    def __init__(
        self,
        recipients: Mapping[str, RoutingRecipient],
        territories: Mapping[str, Territory],
        products: Mapping[str, Product],
    ) -> None:
        self.recipients = recipients
        self.territories = territories
        self.products = products

    def read(self, fields: Fields, place: int) -> RoutingRule:
        fields.only(("rule", "title", "existing owner", *_CONDITIONS, "recipients"))
        users = fields.mapping("users")
        users.only(("at least", "at most"))
        rule = RoutingRule(
            id=fields.text("rule"),
            title=fields.text("title"),
            existing_owner=fields.yes_no("existing owner", default=False),
            products=self._products(fields),
            territories=self._territories(fields),
            need=_need(fields),
            least_users=number(users, "at least", least=1, default=0),
            most_users=number(users, "at most", least=1, default=1) if users.has("at most") else None,
            recipients=self._recipients(fields),
        )
        _check_rule(fields, rule, place)
        return rule

    def _recipients(self, fields: Fields) -> tuple[RoutingRecipient, ...]:
        nodes = fields.nodes("recipients")
        self._check_known(fields, nodes, self.recipients, "unknown-recipient", "recipient")
        found = {node.text: self.recipients[node.text or ""] for node in nodes if node.text in self.recipients}
        return tuple(found.values())

    def _territories(self, fields: Fields) -> tuple[Territory, ...] | None:
        if not fields.has("territories"):
            return None
        nodes = fields.nodes("territories")
        self._check_known(fields, nodes, self.territories, "unknown-territory", "territory")
        return tuple(self.territories[node.text or ""] for node in nodes if node.text in self.territories)

    def _products(self, fields: Fields) -> frozenset[str] | None:
        if not fields.has("products") and not fields.has("lines"):
            return None
        by_line: dict[str, set[str]] = {}
        for product in self.products.values():
            by_line.setdefault(product.line, set()).add(product.slug)
        self._check_known(fields, fields.nodes("products"), self.products, "unknown-product", "product")
        self._check_known(fields, fields.nodes("lines"), by_line, "unknown-line", "line")
        of_lines = (by_line.get(line, set()) for line in fields.texts("lines"))
        return frozenset(fields.texts("products")).union(*of_lines)

    def _check_known(
        self, fields: Fields, nodes: Iterable[Node], known: Iterable[str], finding: str, what: str, /
    ) -> None:
        names = set(known)
        for node in nodes:
            if node.text not in names:
                hint = did_you_mean(node.text or "", names)
                fields.report.add(finding, node, hint, owner=fields.name.capitalize(), **{what: node.text})


def _need(fields: Fields) -> Need | None:
    return fields.one_of("need", NEEDS) if fields.has("need") else None  # type: ignore[return-value]


def _check_rule(fields: Fields, rule: RoutingRule, place: int) -> None:
    if rule.existing_owner:
        for key in (*_CONDITIONS, "recipients"):
            if fields.has(key):
                fields.report.add("owner-rule-with-more", fields.place(key), rule=rule.id, key=key)
        if place:
            fields.report.add("owner-rule-not-first", fields.node, rule=rule.id)
    elif not fields.nodes("recipients"):
        fields.report.add("rule-without-recipients", fields.node, rule=rule.id)
    if rule.most_users is not None and rule.most_users < rule.least_users:
        fields.report.add(
            "bad-users", fields.place("users"), rule=rule.id, least=rule.least_users, most=rule.most_users
        )


def _nodes(fields: Fields) -> list[Node]:
    node = fields.value("rules")
    return [item for item in (node.items or []) if item.pairs is not None] if node else []


def _check_names(fields: Fields, rules: tuple[RoutingRule, ...]) -> None:
    seen: dict[str, int] = {}
    for node, rule in zip(_nodes(fields), rules, strict=True):
        first = seen.setdefault(rule.id, node.line)
        if first != node.line:
            fields.report.add("duplicate-slug", node, what="rule", slug=rule.id, where=f"line {first}")


def _check_reach(fields: Fields, rules: tuple[RoutingRule, ...]) -> None:
    for place, (node, rule) in enumerate(zip(_nodes(fields), rules, strict=True)):
        earlier = next((one for one in rules[:place] if wider(one, rule)), None)
        if earlier:
            fields.report.add("unreachable-rule", node, rule=rule.id, earlier=earlier.id)


def wider(rule: RoutingRule, other: RoutingRule) -> bool:
    """True if `rule` matches everything that `other` matches, and more. Equal conditions are an overflow, not wider."""
    return not rule.existing_owner and not other.existing_owner and _covers(rule, other) and not _covers(other, rule)


def _covers(rule: RoutingRule, other: RoutingRule) -> bool:
    return (
        (rule.products is None or (other.products is not None and other.products <= rule.products))
        and (rule.need is None or rule.need == other.need)
        and rule.least_users <= other.least_users
        and (rule.most_users is None or (other.most_users is not None and other.most_users <= rule.most_users))
        and _covers_place(rule, other)
    )


def _covers_place(rule: RoutingRule, other: RoutingRule) -> bool:
    if rule.territories is None:
        return True
    if other.territories is None:
        return False
    return all(any(mine.covers(theirs) for mine in rule.territories) for theirs in other.territories)


def _check_named(fields: Fields, recipients: Mapping[str, RoutingRecipient], rules: tuple[RoutingRule, ...]) -> None:
    named = {recipient.key for rule in rules for recipient in rule.recipients}
    for group in GROUPS:
        for key, _ in fields.mapping(group).items():
            if key.text in recipients and key.text not in named:
                fields.report.add("never-named", key, recipient=key.text)

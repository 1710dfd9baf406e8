"""Other engines on the same rules and people, each in the best way it has: parsed rules and parsed people beforehand.

peer = cedar(rules, people)
question = peer.question(person, "newsletter", "email")      # made outside the measured time
peer.allowed(question)
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench.rules import Facts, Rule


@dataclass(frozen=True)
class Peer:
    """An engine: `question` prepares what is asked, `allowed` asks it."""

    name: str
    question: Callable[[UUID, str, str], Any]
    allowed: Callable[[Any], bool]


def cedar(rules: Sequence[Rule], people: Sequence[Facts]) -> Peer:
    """Cedar: one policy a rule, a set of policies a purpose; a person is an entity; all parsed once."""
    import cedarpy

    texts: dict[str, list[str]] = {}
    for rule in rules:
        texts.setdefault(rule.purpose, []).append(_cedar_policy(rule))
    policies = {purpose: cedarpy.PolicySet.from_str("\n".join(found)) for purpose, found in texts.items()}
    parsed = {it.id: cedarpy.Entities.from_json_str(json.dumps([_cedar_entity(it)])) for it in people}

    def question(person: UUID, purpose: str, kind: str) -> Any:
        request = {
            "principal": {"type": "Person", "id": str(person)},
            "action": {"type": "Action", "id": purpose},
            "resource": {"type": "Kind", "id": kind},
        }
        return request, policies[purpose], parsed[person]

    def allowed(asked: Any) -> bool:
        return cedarpy.is_authorized(*asked).allowed

    return Peer("cedarpy", question, allowed)


def casbin(rules: Sequence[Rule], people: Sequence[Facts]) -> Peer:
    """Casbin: attributes in a matcher, and its fast enforcer, which looks at the lines of one purpose and kind only."""
    from casbin import FastEnforcer
    from casbin.model import FastModel

    model = FastModel([1, 2])
    model.load_model_from_text(_CASBIN_MODEL)
    enforcer = FastEnforcer(model, cache_key_order=[1, 2])
    enforcer.add_function("meets", lambda held, wanted: not held.isdisjoint(_SPLIT[wanted]))
    for rule in rules:
        enforcer.add_policies(_casbin_lines(rule))
    by_id = {it.id: it for it in people}
    return Peer(
        "casbin",
        lambda person, purpose, kind: (by_id[person], purpose, kind),
        lambda asked: bool(enforcer.enforce(*asked)),
    )


def rego(rules: Sequence[Rule], people: Sequence[Facts]) -> Peer:
    """Rego: one module compiled to a bundle with the rules as its data; who asks what is its input, made beforehand."""
    from regopy import Input, Interpreter

    maker = Interpreter()
    maker.add_data({"rules": _rego_rules(rules)})
    maker.add_module("troth.rego", _REGO)
    bundle = maker.build(None, ["troth/allow"])
    asker = Interpreter()
    by_id = {it.id: _rego_person(it) for it in people}

    def allowed(asked: Any) -> bool:
        asker.set_input(asked)
        return bool(asker.query_bundle_entrypoint(bundle, "troth/allow").results[0].expressions[0])

    return Peer(
        "regopy",
        lambda person, purpose, kind: Input({"person": by_id[person], "purpose": purpose, "kind": kind}),
        allowed,
    )


def _cedar_policy(rule: Rule) -> str:
    opens = [f"principal.held.containsAny({_list(rule.stated)})"] if rule.stated else []
    opens += [
        f"(principal.held.containsAny({_list(it.held)}) && principal.yes.containsAny({_list(it.yes)}))"
        for it in rule.openings
    ]
    needs = [f"({' || '.join(opens)})"]
    if rule.signed:
        needs.insert(0, f"principal.yes.containsAny({_list(rule.signed)})")
    if rule.may_refuse:
        needs.insert(0, f'!principal.no.contains("{rule.purpose}")')
    if rule.marketing:
        needs.insert(0, "!principal.optedOut")
    return (
        f'permit (principal, action == Action::"{rule.purpose}", resource == Kind::"{rule.kind}")'
        f" when {{ {' && '.join(needs)} }};"
    )


def _cedar_entity(person: Facts) -> Mapping[str, Any]:
    attributes = {
        "held": sorted(person.held),
        "yes": sorted(person.yes),
        "no": sorted(person.no),
        "optedOut": person.opted_out,
    }
    return {"uid": {"type": "Person", "id": str(person.id)}, "attrs": attributes, "parents": []}


def _list(words: Sequence[str]) -> str:
    return json.dumps(list(words))


_CASBIN_MODEL = """
[request_definition]
r = sub, purpose, kind
[policy_definition]
p = id, purpose, kind, marketing, refusal, signed, held, yes
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.purpose == p.purpose && r.kind == p.kind && meets(r.sub.held, p.held) \
&& (p.yes == "" || meets(r.sub.yes, p.yes)) && (p.signed == "" || meets(r.sub.yes, p.signed)) \
&& !(p.marketing == "may" && r.sub.opted_out) && (p.refusal == "" || !meets(r.sub.no, p.refusal))
"""


class _Split(dict[str, frozenset[str]]):
    def __missing__(self, text: str) -> frozenset[str]:
        made = self[text] = frozenset(text.split())
        return made


_SPLIT = _Split()


def _casbin_lines(rule: Rule) -> list[list[str]]:
    """A line an opening, for a matcher cannot go through a list."""
    ways: list[tuple[tuple[str, ...], tuple[str, ...]]] = [(rule.stated, ())] if rule.stated else []
    ways += [(it.held, it.yes) for it in rule.openings]
    return [
        [
            f"{rule.purpose}:{rule.kind}:{number}",
            rule.purpose,
            rule.kind,
            "may" if rule.marketing else "never",
            rule.purpose if rule.may_refuse else "",
            " ".join(rule.signed),
            " ".join(held),
            " ".join(yes),
        ]
        for number, (held, yes) in enumerate(ways)
    ]


_REGO = """
package troth

default allow := false

rule := data.rules[input.purpose][input.kind]
person := input.person

closed if { rule.marketing; person.opted_out }
closed if { rule.may_refuse; person.no[input.purpose] }
closed if { count(rule.signed) > 0; not signed }
signed if { some question in rule.signed; person.yes[question] }

allow if { not closed; some origin in rule.stated; person.held[origin] }
allow if {
    not closed
    some opening in rule.openings
    some origin in opening.held
    person.held[origin]
    some question in opening.yes
    person.yes[question]
}
"""


def _rego_rules(rules: Sequence[Rule]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for rule in rules:
        found.setdefault(rule.purpose, {})[rule.kind] = {
            "marketing": rule.marketing,
            "may_refuse": rule.may_refuse,
            "signed": list(rule.signed),
            "stated": list(rule.stated),
            "openings": [{"held": list(it.held), "yes": list(it.yes)} for it in rule.openings],
        }
    return found


def _rego_person(person: Facts) -> Mapping[str, Any]:
    sets = {"held": person.held, "yes": person.yes, "no": person.no}
    return {name: dict.fromkeys(sorted(held), True) for name, held in sets.items()} | {"opted_out": person.opted_out}

"""Pure law = compiled law = selection = what the database gives = a naive oracle, over generated histories.

Time passes by moving everything that is dated into the past. A history is what one person lives through: ten of them, or more
where one is erased, share their versions, times and days. `make prove` lives 20,000 histories instead of 300.
"""

import functools
import itertools
import os
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from tests.gate import oracle
from tests.worlds import policy_text

from troth import gate, in_force
from troth.gate import facts
from troth.policy import confirm, decide_kind
from troth.records import standing
from troth.records.calls import rows
from troth.records.keeping import Provenance, keep
from troth.records.law import versions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(20_000)]

HISTORIES = int(os.environ.get("TROTH_HISTORIES", "300"))
PEOPLE = 10
STEPS = 50
"""Each happens to one person, to three at most, or to all of them."""
SOON = [1, 9, 11, 29, 31]
"""Days that mostly pass at once. After two years nothing of what anyone said is left to agree about."""
PHASES = [Phase.generate, *([Phase.shrink] if HISTORIES > 300 else [])]  # a smaller example takes minutes
FORMS = ["form.quote", "form.register"]
KINDS = ["email", "name", "phone", "industry", "country", "state"]
LIVES = {"country": ["US", "DE", "CA", "JP"], "state": ["CA", "TX"]}
HOMES = [{"country": country, "state": state} for country in LIVES["country"] for state in LIVES["state"]]
QUOTES: dict[str, Any] = {
    "needs": ["email"],
    "collected by": FORMS,
    "choice": "none",
    "marketing": "never",
    "recipients": ["distributor"],
}
OFFERS = QUOTES | {"choice": "opt out", "marketing": "may", "topics": "{tips: Tips}"}
NEAR = {"EEA": "sign up", "CA": "opt out", "US-CA": "sign up", "US": "opt out", "else": "none"}
FAR = {"EEA": "sign up", "US-CA": "sign up", "else": "opt out"}
CALLS = QUOTES | {"choice": NEAR, "may use": ["name", "country"]}
NEWS = QUOTES | {"choice": "sign up", "marketing": "may", "topics": "{tips: Tips, prices: Prices}"}


def _times(**own: tuple[int, str]) -> str:
    """The times that a purpose has of its own."""
    each = [f"{kind}: {{for: {days} days, after: {after}}}" for kind, (days, after) in own.items()]
    return f"{{{', '.join(each)}}}"


VERSIONS = [
    {
        "quotes": QUOTES | {"kept": _times(email=(728, "last contact"))},
        "offers": OFFERS | {"collected by": ["form.register"]},
        "newsletter": NEWS,
        "calls": CALLS,
    },
    {
        "quotes": QUOTES | {"may use": ["name", "industry"]},
        "offers": OFFERS | {"may use": ["industry"], "topics": "{tips: Tips, fairs: Fairs}"},
        "newsletter": NEWS | {"may use": ["name"], "collected by": ["form.register"]},
        "training": OFFERS | {"marketing": "never"},
        "calls": CALLS | {"may use": ["name", "phone"]},
    },
    {
        "quotes": QUOTES | {"may use": ["name", "phone"], "kept": _times(email=(20, "collection"))},
        "offers": OFFERS
        | {
            "kept": _times(name=(9, "last contact")),
            "may use": ["industry", "name"],
            "choice": {"EEA": "sign up", "else": "opt out"},
        },
        "newsletter": NEWS | {"may use": ["name", "industry"]},
        "calls": CALLS | {"choice": FAR, "topics": "{tips: Tips}", "may use": ["name", "industry"]},
    },
    {
        "quotes": QUOTES
        | {"may use": ["phone"], "collected by": ["form.quote"], "kept": _times(phone=(30, "collection"))},
        "offers": OFFERS | {"may use": ["name", "phone"], "choice": "sign up"},
        "newsletter": NEWS | {"topics": "{prices: Prices}", "kept": _times(email=(400, "collection"))},
        "calls": CALLS | {"choice": FAR, "topics": "{tips: Tips}", "may use": ["state"]},
        "training": OFFERS | {"marketing": "never", "may use": ["phone"]},
    },
    {
        "quotes": QUOTES | {"may use": ["name", "phone", "industry"]},
        "offers": OFFERS | {"may use": ["industry", "name", "phone"], "choice": "sign up"},
        "newsletter": NEWS | {"may use": ["name", "industry"]},
        "calls": CALLS | {"choice": FAR, "may use": ["name", "industry"]},
        "training": OFFERS | {"marketing": "never", "may use": ["phone", "name"]},
    },
]
SERVICE = {"kinds": KINDS, "channels": FORMS, "choice": "none", "marketing": False, "topics": [], "times": {}}
PURPOSES = ["quotes", "offers", "newsletter", "training", "calls", "service", "unheard of"]
WITH_TOPICS = ("offers", "newsletter", "calls")
TOPICS = ["", "tips", "prices", "fairs"]
DAYS = [730, 725, 25, 730, 10]
"""How long each version keeps everything, after the last contact."""
OTHERWISE = {"newsletter": "mailing", "form.register": "form.joining", "industry": "trade"}
OTHERWISE_IN = (2, 3)
"""Places of the versions that call these rules otherwise; those after call them as before."""
QUESTIONS = ["marketing"] + [
    base + at
    for base in ("offers", "newsletter", "quotes", "training", "calls")
    for at in ("", "@1", "@2", "@3", "@4", "@5")
]


def plain(purposes: dict[str, Any]) -> oracle.Version:
    """A version as the oracle reads it."""
    return {"service": SERVICE} | {
        id: {
            "kinds": [*fields["needs"], *fields.get("may use", [])],
            "channels": fields["collected by"],
            "choice": _place(fields["choice"]),
            "marketing": fields["marketing"] == "may",
            "topics": re.findall(r"([a-z]+): ", fields.get("topics", "")),
            "times": {
                kind: (timedelta(days=int(days)), after)
                for kind, days, after in re.findall(
                    r"(\w+): {for: (\d+) days, after: ([a-z ]+)}", fields.get("kept", "")
                )
            },
        }
        for id, fields in purposes.items()
    }


@functools.cache
def _text(place: int) -> str:
    """Of the version at this place."""
    text = policy_text(place + 1, purposes=VERSIONS[place])
    called = _call_otherwise(text) if place in OTHERWISE_IN else text
    return confirm(called.replace("24 months", f"{DAYS[place]} days"))


def _call_otherwise(text: str) -> str:
    for old, new in OTHERWISE.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
        text = re.sub(rf"^((?:purpose|collect|kind): {re.escape(new)})$", rf"\1\nwas: {old}", text, flags=re.MULTILINE)
    return text


def _place(choice: Any) -> Any:
    """A choice by the places that occur in these histories: of the EEA it is Germany."""
    return choice if isinstance(choice, str) else {{"EEA": "DE"}.get(key, key): value for key, value in choice.items()}


SOME = st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=3)
"""To whom a step happens: what each of them answers, or says, is the same."""


class Lives(RuleBasedStateMachine):
    """People live through versions, data, answers, erasure and time."""

    def __init__(self, owner: Any) -> None:
        super().__init__()
        self.owner = owner
        _forget_everything(owner)
        self.versions: list[oracle.Version] = []
        self.told: dict[UUID, list[Any]] = {}
        self.passed = timedelta(0)
        self.contacts: dict[UUID, datetime] = {}
        self.homes = itertools.cycle(HOMES)
        self.adopt()
        for _person in range(PEOPLE):
            self.arrive()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.passed

    @precondition(lambda self: len(self.versions) < len(VERSIONS))
    @rule()
    def adopt(self) -> None:
        versions.adopt(_text(len(self.versions)), by="staff:test", using=_owner_alias())
        self.versions.append(plain(VERSIONS[len(self.versions)]))
        for person in self.told:
            self._lasts(person)

    def arrive(self) -> None:
        provenance = Provenance("form.quote", 1, datetime.now(UTC), "typed by the person")
        # An address of her own: a no belongs to its address, and whoever came to it later would inherit one.
        values = {kind: f"{kind} value" for kind in KINDS} | {"email": f"{gate.new_id()}@b.example"} | next(self.homes)
        person = keep(values=values, provenance=provenance).person
        since = provenance.at_utc + self.passed
        until = since + self.time
        self.told[person] = [("kept", kind, "form.quote", 1, until, since, values[kind]) for kind in KINDS]
        self.contacts[person] = since

    @rule(
        whom=SOME,
        channel=st.sampled_from(FORMS),
        version=st.integers(0, 5),
        kinds=st.sets(st.sampled_from(KINDS), min_size=1),
        ago=st.sampled_from([0, 0, 700, 720]),
        country=st.sampled_from(LIVES["country"]),
        state=st.sampled_from(LIVES["state"]),
    )
    def collect(
        self, whom: set[int], channel: str, version: int, kinds: set[str], ago: int, country: str, state: str
    ) -> None:
        for person in map(self._person, sorted(whom)):
            self._collect(person, channel, min(version, len(self.versions)), kinds, ago, country, state)

    def _collect(
        self, person: UUID, channel: str, version: int, kinds: set[str], ago: int, country: str, state: str
    ) -> None:
        now = datetime.now(UTC)
        if self.told[person] is None:
            return
        values = {"email": f"{person}@example.com", "country": country, "state": state}
        keep(
            values={kind: values.get(kind, f"{kind} value") for kind in kinds},
            person=person,
            provenance=Provenance(channel, version, now, "typed by the person"),
            who="program:test" if ago else "person",
        )
        if not ago:
            self._lasts(person, contact=now + self.passed)
        since = now + self.passed - timedelta(days=ago)
        if ago:  # nobody but the owner dates so far back
            self.owner.execute(
                "update datum set collected_utc = collected_utc - %s where person_id = %s and collected_utc = %s",
                [timedelta(days=ago), person, now],
            )
            self.owner.execute("select reckon(array[%s::uuid])", [person])
        until = max(since, self.contacts[person]) + self.time
        self.told[person] += [
            ("kept", kind, channel, version, until, since, values.get(kind, "")) for kind in sorted(kinds)
        ]

    @rule(whom=SOME, question=st.sampled_from(QUESTIONS), version=st.integers(1, 5), yes=st.booleans())
    def answer(self, whom: set[int], question: str, version: int, yes: bool) -> None:
        self._say(whom, question, min(version, len(self.versions)), yes)

    @rule(
        whom=SOME,
        purpose=st.sampled_from(["offers", "newsletter", "newsletter", "training", "calls"]),
        yes=st.sampled_from([True, True, False]),
    )
    def choose(self, whom: set[int], purpose: str, yes: bool) -> None:
        self._say(whom, purpose, len(self.versions), yes)

    @rule(
        whom=SOME,
        purpose=st.sampled_from(["offers", "newsletter", "training", "calls"]),
        topic=st.sampled_from(TOPICS[1:]),
        yes=st.booleans(),
    )
    def choose_topic(self, whom: set[int], purpose: str, topic: str, yes: bool) -> None:
        self._say(whom, f"{purpose}/{topic}", len(self.versions), yes)

    @rule(whom=SOME, out=st.booleans())
    def opt_out(self, whom: set[int], out: bool) -> None:
        self._say(whom, "marketing", len(self.versions), not out)

    @rule(who=st.integers(0, PEOPLE - 1))
    def erase(self, who: int) -> None:
        person = self._person(who)
        self.owner.execute("select erase(%s, %s, 'staff:test', 'asked')", [person, gate.new_id()])
        self.told[person] = []
        self.arrive()

    @rule(days=st.sampled_from([*SOON * 4, 729, 731]))
    def time_passes(self, days: int) -> None:
        for statement in (
            "update datum set kept_until_utc = kept_until_utc - %s, collected_utc = collected_utc - %s",
            "update event_time set at_utc = at_utc - %s, event = case when %s is null then '' else event end",
            "update policy_version set adopted_utc = adopted_utc - %s, sha256 = case when %s is null then '' else sha256 end",
            "update choice set chosen_utc = chosen_utc - %s, way = case when %s is null then '' else way end",
            "update standing set settled_until = settled_until - %s where settled_until - %s is not null",
        ):
            self.owner.execute(statement, [timedelta(days=days)] * 2)
        self.passed += timedelta(days=days)

    @rule()
    def expire(self) -> None:
        rows("select let_go(1000)")

    @rule()
    def reckon(self) -> None:
        """One of the people; what a version changed may have reached one and not the other."""
        rows("select reckon_some(1)")

    @rule(purpose=st.sampled_from(PURPOSES), topic=st.sampled_from(TOPICS))
    def agree(self, purpose: str, topic: str) -> None:
        self._agree(purpose, topic, self._list_known())

    def teardown(self) -> None:
        """Every purpose as a whole, and one of its topics by turns."""
        turn = sum(map(len, self.told.values()))
        if (
            turn % 3
        ):  # the compiled law is asked about whom nothing changed since; the others are looked at by their data
            rows("select reckon_some(1000)")
        known = self._list_known()
        for place, purpose in enumerate(PURPOSES):
            for topic in {"", TOPICS[(place + turn) % len(TOPICS)]} if purpose in WITH_TOPICS else {""}:
                reached = self._agree(purpose, topic, known)
                assert set(gate.select(purpose, "email", topic=topic)) == reached
        with self.owner.cursor() as cursor:
            assert list(standing.differences(cursor)) == []

    def _list_known(self) -> dict[UUID, dict[str, Any]]:
        """What the law is asked about each person; asking changes none of it."""
        people = [*self.told]
        data, answers, lives = facts.list_held_of(people), facts.answers_of(people), facts.find_regions(people)
        return {
            person: {"data": data[person], "answers": answers[person], "region": lives[person]} for person in people
        }

    def _agree(self, purpose: str, topic: str, known: dict[UUID, dict[str, Any]]) -> set[UUID]:
        """Gives whom the purpose reaches by email."""
        with in_force.one_law():
            selected = self._select(purpose, topic)
            expected = {person: self._list_allowed(person, purpose, topic) for person in self.told}
            for kind in KINDS:
                assert selected[kind] == {person for person in self.told if kind in expected[person]}
            pure = {person: self._decide(purpose, topic, known[person]) for person in self.told}
            assert gate.decide_many([*pure], purpose, "email", topic=topic) == {
                person: each["email"] for person, each in pure.items()
            }
            stand = gate.standings([*self.told])
            for place, person in enumerate(self.told, len(topic)):
                assert {kind for kind, each in pure[person].items() if each.allowed} == expected[person]
                if place % 2 == 0:  # of every second one: an entry costs more than all the rest
                    self._agree_granted(person, purpose, topic, expected[person], codes(pure[person]))
                else:
                    assert gate.decide(person, purpose, KINDS, topic=topic) == pure[person]
                if not topic and stand[person].settled_until > time.time():
                    assert stand[person].decide_each(purpose, KINDS) == pure[person]
        return selected["email"]

    def _select(self, purpose: str, topic: str) -> dict[str, set[UUID]]:
        """Kind → whom the selection's own query finds, without the entry that the gate's way leaves each time."""
        queries = self.owner.execute(
            "select kind, replace(law_selection_text(%s, kind, null, %s, now), '$1', format('timestamptz %%L', now))"
            " from (select now_utc() as now) it, unnest(%s::text[]) kind",
            [purpose, topic, KINDS],
        ).fetchall()
        found: dict[str, set[UUID]] = {kind: set() for kind in KINDS}
        parts = [f"select '{kind}', person_id from ({text}) it" for kind, text in queries if text]
        for kind, person in self.owner.execute(" union all ".join(parts)).fetchall() if parts else ():
            found[kind].add(person)
        return found

    def _decide(self, purpose: str, topic: str, known: dict[str, Any]) -> dict[str, Any]:
        asked = {"now_utc": datetime.now(UTC), "topic": topic, **known}
        return {kind: decide_kind(in_force.law(), purpose, kind, **asked) for kind in KINDS}

    def _agree_granted(
        self, person: UUID, purpose: str, topic: str, expected: set[str], decided: dict[str, str]
    ) -> None:
        granted = gate.grant(
            person=person, purpose=purpose, kinds=KINDS, who="program:test", reason="equality", topic=topic
        )
        if isinstance(granted, gate.Refused):
            assert expected == set()
            assert {kind: decision.code for kind, decision in granted.decisions.items()} == decided
        else:
            assert set(gate.read(granted).values) == expected
            assert {kind: decision.code for kind, decision in granted.refused.items()} == {
                kind: code for kind, code in decided.items() if kind not in expected
            }

    def _list_allowed(self, person: UUID, purpose: str, topic: str) -> set[str]:
        told, now, contact = self.told[person], self.now, self.contacts[person]
        return {kind for kind in KINDS if oracle.allowed(told, self.versions, purpose, kind, now, contact, topic)}

    def _say(self, whom: set[int], question: str, version: int, yes: bool) -> None:
        for person in map(self._person, sorted(whom)):
            try:
                gate.choose(person=person, question=question, version=version, yes=yes, way="test")
            except gate.Refusal as refusal:
                if refusal.code != "unknown question":
                    raise  # any other refusal is a fault
                return  # the version asks no such thing
            self.told[person].append(("said", question, version, yes))
            if yes:
                self._lasts(person, contact=self.now)

    @property
    def time(self) -> timedelta:
        return timedelta(days=DAYS[len(self.versions) - 1])

    def _lasts(self, person: UUID, *, contact: datetime | None = None) -> None:
        if self.told[person]:
            self.contacts[person] = contact or self.contacts[person]
            self.told[person] = oracle.lasting(self.told[person], self.now, self.contacts[person], self.time)

    def _person(self, who: int) -> UUID:
        return [person for person, told in self.told.items() if told][who]


def test_pure_law_compiled_law_selection_database_and_oracle_agree(owner: Any) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Lives(owner),
        settings=settings(
            max_examples=HISTORIES // PEOPLE,
            stateful_step_count=STEPS,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )


def codes(decisions: dict[str, Any]) -> dict[str, str]:
    return {kind: decision.code for kind, decision in decisions.items()}


def _owner_alias() -> Any:
    from django.db import connections

    return connections["owner"]


_EMPTIED = (
    "letter",
    "entry",
    "event_time",
    "choice",
    "datum",
    "standing",
    "person_key",
    "membership",
    "person",
    "cohort",
    "origin",
    "law_answer",
    "law_reach",
    "law_question",
    "law_use",
    "law_purpose",
    "law_collect",
    "law_kept",
    "policy_version",
    "progress",
)


def _forget_everything(owner: Any) -> None:
    present = [
        name for (name,) in owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    ]
    for table in _EMPTIED:
        if table in present:
            owner.execute(f"delete from {table}")
    facts.forget()

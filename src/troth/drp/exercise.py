"""Reads an agent's request strictly: anything invalid is refused with a sentence."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from troth.access.requests.kinds import ACCESS, COPY, ERASURE, OPT_IN, OPT_OUT
from troth.agents import Agent
from troth.cases.rights import RightsKind
from troth.collection.forms import normalize
from troth.policy.terms import Collect
from troth.text import CannotRead, line, lines, name

VERSIONS = ("1.0",)
KINDS: Mapping[str, RightsKind] = {
    "access": COPY,
    "access:specific": COPY,
    "access:categories": ACCESS,
    "deletion": ERASURE,
    "sale:opt-out": OPT_OUT,
    "sale:opt_out": OPT_OUT,
    "sale:opt-in": OPT_IN,
    "sale:opt_in": OPT_IN,
}
"""Right of the protocol → kind of our case."""
REGIMES = ("ccpa", "voluntary")
_MOST = 2_000
_MOST_OF_PROOF = 20_000


class CannotExercise(Exception):
    """The request can't be accepted; the sentence tells the agent what to change."""


@dataclass(frozen=True)
class Exercise:
    """`values`: kind of the policy → value, of what the claims say about the person."""

    exercise: str
    kind: RightsKind
    values: Mapping[str, str]
    agent_request_id: str
    status_callback: str
    business: bool


def read(claims: Mapping[str, Any], *, agent: Agent, place: Collect) -> Exercise:
    """Raises CannotExercise.   Takes  place: which kinds the policy lets agents give; no other claim is read"""
    if str(claims.get("drp.version", "")) not in VERSIONS:
        raise CannotExercise('"drp.version" must be "1.0".')
    exercise = claims.get("exercise")
    if not isinstance(exercise, str) or exercise not in KINDS:
        raise CannotExercise(f'"exercise" must be one of {", ".join(KINDS)}.')
    if claims.get("regime", "ccpa") not in REGIMES:
        raise CannotExercise(f'"regime" must be one of {", ".join(REGIMES)}.')
    return Exercise(
        exercise=exercise,
        kind=KINDS[exercise],
        values=_values(claims, place),
        agent_request_id=_read(claims, "agent_request_id", "agent-request-id"),
        status_callback=callback(_read(claims, "status_callback"), agent=agent),
        business="business" in _relationships(claims),
    )


def callback(url: str, *, agent: Agent) -> str:
    """The URL for status updates: https, at a host on the agent's list, on the https port. "" for none."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CannotExercise('"status_callback" is no address.') from error
    if parts.scheme != "https" or parts.username or parts.password or port not in (None, 443) or "\\" in url:
        raise CannotExercise('"status_callback" must be an https address without user name and port.')
    if (parts.hostname or "") not in agent.callback_hosts:
        raise CannotExercise(f'"status_callback" names {parts.hostname or "no host"}, which is not on your list.')
    return url


def _values(claims: Mapping[str, Any], place: Collect) -> Mapping[str, str]:
    """The claims as kinds of the policy. At least one must be able to identify someone."""
    found = {}
    asked = [each for each in _CLAIMS if place.ask(each[0]) is not None]
    for kind, claim, read_it in asked:
        if text := _text(claims, claim, most=_MOST_OF_PROOF if kind == "proof" else _MOST):
            try:
                found[kind] = read_it(text)
            except CannotRead as problem:
                raise CannotExercise(f'"{claim}": {problem}') from problem
    found = {kind: value for kind, value in found.items() if value}
    finding = {kind: claim for kind, claim, _read_it in asked if kind in _FINDING}
    if not found.keys() & finding.keys():
        named = ", ".join(f'"{claim}"' for claim in finding.values())
        raise CannotExercise(f"Say at least one of {named}: nobody can be found by less.")
    return found


_CLAIMS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("name", "name", name),
    ("email", "email", normalize.email),
    ("phone", "phone_number", lambda text: normalize.phone(text, "")),
    ("address", "address", lines),
    ("proof", "power_of_attorney", lambda text: lines(text, most=_MOST_OF_PROOF)),
)
_FINDING = ("email", "phone", "address")


def reason(claims: Mapping[str, Any], *, most: int) -> str:
    """Why a request is withdrawn, in the agent's words. Raises CannotExercise."""
    return _read(claims, "reason", most=most)


def _read(claims: Mapping[str, Any], *names: str, most: int = _MOST) -> str:
    """A claim as one line. Raises CannotExercise."""
    try:
        return line(_text(claims, *names, most=most), most=most)
    except CannotRead as problem:
        raise CannotExercise(f'"{names[0]}": {problem}') from problem


def _text(claims: Mapping[str, Any], *names: str, most: int = _MOST) -> str:
    """A claim as text: absent and null are empty; an address may be an object, which is kept as JSON."""
    for claim in names:
        value = claims.get(claim)
        if value is None:
            continue
        if isinstance(value, dict) and claim == "address":
            value = str(value.get("formatted") or "") or json.dumps(value, ensure_ascii=False, sort_keys=True)
        if not isinstance(value, str) or len(value) > most:
            raise CannotExercise(f'"{claim}" must be text of at most {most} characters.')
        return value.strip()
    return ""


def _relationships(claims: Mapping[str, Any]) -> tuple[str, ...]:
    listed = claims.get("relationships") or []
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise CannotExercise('"relationships" must be a list of texts.')
    return tuple(each.casefold() for each in listed)

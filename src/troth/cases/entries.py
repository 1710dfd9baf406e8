"""What the entries say that all kinds of requests write."""

from dataclasses import dataclass

from troth import gate


@dataclass(frozen=True, kw_only=True)
class RequestMade(gate.EntryPayload):
    """A request was made: the id of its kind, and how it came."""

    case: str = ""
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerNoted(gate.EntryPayload):
    """Someone noted that the request of this number was answered."""

    number: str = ""

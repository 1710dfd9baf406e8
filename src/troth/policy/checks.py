"""Checks terms against each other: everything named is declared, and nothing contradicts."""

from collections.abc import Iterator, Mapping, Sequence

from .clocks import check_start
from .fields import did_you_mean
from .findings import At, Report, SourcePlace
from .grammar import Document
from .identity import Names
from .options import UNREAD
from .reading import Terms
from .regions import STATES
from .terms import Cookie, Promise, Purpose, Recipient
from .types import KIND_TYPES


def check_terms(document: Document, terms: Terms, names: Names, report: Report) -> None:
    """Reports every undeclared name, every unused declaration, and every contradiction."""
    check = _Checks(document, terms, report)
    check.references(names)
    check.kinds()
    check.channels()
    check.countries()
    for purpose in terms.purposes.values():
        check.purpose(purpose)
    for recipient in terms.recipients.values():
        check.recipient(recipient)
    for cookie in terms.cookies.values():
        check.cookie(cookie)
    check.clocks()


class _Checks:
    def __init__(self, document: Document, terms: Terms, report: Report) -> None:
        self._terms = terms
        self._report = report
        self._given = terms.list_given()
        self._asked_by = {id: {ask.kind for ask in collect.asks} for id, collect in terms.collects.items()}
        self._prose = {
            (block.type, block.id): group.text.lower() for _, group in document.groups for block in group.blocks
        }

    def _place(self, type: str, id: str, field: str = "") -> SourcePlace:
        places = self._terms.gathered.places
        return places.get((type, id, field)) or places.get((type, id, type)) or At(1)

    def references(self, names: Names) -> None:
        declared: Mapping[str, Mapping[str, object]] = {
            "kind": self._terms.kinds,
            "collect": self._terms.collects,
            "purpose": self._terms.purposes,
            "recipient": self._terms.recipients,
        }
        for reference in self._terms.gathered.references:
            known = declared[reference.type]
            if reference.id not in known:
                called = names.get(reference.type, {}).get(reference.id)
                hint = f"It is called `{called}` now." if called else did_you_mean(reference.id, known)
                self._report.add(
                    f"undeclared-{reference.type}",
                    reference.node,
                    hint,
                    id=reference.id,
                    owner=reference.by,
                )

    def kinds(self) -> None:
        used = {kind for purpose in self._terms.purposes.values() for kind in purpose.may_use}
        asked = set().union(*self._asked_by.values())
        for id in self._terms.kinds:
            if id not in used:
                self._report.add("kind-unused", self._place("kind", id), id=id)
            if id not in asked:
                self._report.add("kind-never-collected", self._place("kind", id), id=id)

    def countries(self) -> None:
        """Without the country nobody could tell whether a question that depends on it applies."""
        dividing = {id for id, kind in self._terms.kinds.items() if KIND_TYPES[kind.type].divides}
        for collect in self._terms.collects.values():
            owner, place = f"collect {collect.id}", self._place("collect", collect.id, "only in")
            for ask in collect.asks:
                if ask.only_in and ask.kind in dividing:
                    self._report.add("asks-in-a-circle", place, owner=owner)
                elif ask.only_in and not dividing & self._asked_by[collect.id]:
                    self._report.add("only-in-without-country", place, kind=ask.kind, owner=owner)

    def channels(self) -> None:
        for collect in self._terms.collects.values():
            purposes = [self._terms.purposes[id] for id in collect.purposes if id in self._terms.purposes]
            for purpose in purposes:
                if collect.id not in purpose.collected_by:
                    place = self._place("collect", collect.id, "for")
                    self._report.add(
                        "channel-not-in-purpose",
                        place,
                        id=collect.id,
                        purpose=purpose.id,
                    )
            usable = {
                kind
                for purpose in self._terms.purposes.values()
                if collect.id in purpose.collected_by
                for kind in purpose.may_use
            }
            unused = [ask.kind for ask in collect.asks if ask.kind in self._terms.kinds and ask.kind not in usable]
            # A place whose purposes are unknown has that finding already.
            if purposes and unused:
                place = self._place("collect", collect.id, "asks")
                self._report.add("asked-for-nothing", place, id=collect.id, kinds=", ".join(unused))

    def purpose(self, purpose: Purpose) -> None:
        place = self._place("purpose", purpose.id)
        if purpose.weakest == "none" and purpose.marketing:
            self._report.add(
                "exempt-marketing",
                self._place("purpose", purpose.id, "marketing"),
                id=purpose.id,
            )
        self._regions_of(purpose)
        self._kinds_of(purpose)
        self._times_of(purpose)
        for id in purpose.recipients:
            recipient = self._terms.recipients.get(id)
            if recipient and recipient.own_marketing and not self._says_marketing(purpose):
                where = self._place("purpose", purpose.id, "recipients")
                self._report.add("own-marketing-unsaid", where, id=purpose.id, recipient=id)
        for id in purpose.may_use:
            kind = self._terms.kinds.get(id)
            if kind and kind.sensitivity == "sensitive" and purpose.marketing:
                self._report.add("sensitive-marketing", place, id=purpose.id, kind=id)

    def _regions_of(self, purpose: Purpose) -> None:
        """People whose country can't be looked up get the strictest choice, whatever else the rule says."""
        named = {each.region for each in purpose.by_region}
        wanted = {"country"} if named else set()
        wanted |= {"state"} if named.intersection(STATES) else set()
        known = {kind.type for kind in self._terms.kinds.values() if kind.sensitivity == "describing"}
        for type_ in sorted(wanted - known):
            self._report.add("region-unknown", self._place("purpose", purpose.id, "choice"), id=purpose.id, type=type_)

    def _times_of(self, purpose: Purpose) -> None:
        place = self._place("purpose", purpose.id, "kept")
        for own in purpose.kept:
            kind = self._terms.kinds.get(own.kind)
            if own.kind not in purpose.may_use:
                self._report.add("use-time-unused", place, id=purpose.id, kind=own.kind)
            elif (
                kind
                and kind.kept is not UNREAD
                and own.kept.after == kind.kept.after
                and not kind.kept.is_longer(own.kept)
            ):
                time, whole = own.kept.time, kind.kept.time
                self._report.add("use-time-not-shorter", place, id=purpose.id, kind=own.kind, time=time, whole=whole)

    def _says_marketing(self, purpose: Purpose) -> bool:
        return purpose.weakest != "none" and "marketing" in self._prose.get(("purpose", purpose.id), "")

    def _kinds_of(self, purpose: Purpose) -> None:
        channels = [id for id in purpose.collected_by if id in self._asked_by]
        if not channels:
            return
        asked = set().union(*(self._asked_by[id] for id in channels))
        for kind in purpose.may_use:
            if kind in self._terms.kinds and kind not in asked:
                needed = kind in purpose.needs
                where = self._place("purpose", purpose.id, "needs" if needed else "may use")
                id = "needed-kind-not-collected" if needed else "used-kind-not-collected"
                self._report.add(id, where, id=purpose.id, kind=kind)

    def recipient(self, recipient: Recipient) -> None:
        # Who receives data only in an event, such as a merger, is named by no purpose.
        if not recipient.when and recipient.id not in self._given:
            self._report.add(
                "recipient-unused",
                self._place("recipient", recipient.id),
                id=recipient.id,
            )

    def cookie(self, cookie: Cookie) -> None:
        purpose = self._terms.purposes.get(cookie.purpose)
        for kind in cookie.kinds:
            if purpose and kind in self._terms.kinds and kind not in purpose.may_use:
                place = self._place("cookie", cookie.id, "kinds")
                self._report.add(
                    "cookie-kind-not-stated",
                    place,
                    id=cookie.id,
                    kind=kind,
                    purpose=purpose.id,
                )
        for promise in self._terms.promises.values():
            limit = promise.at_most if promise.on == "cookies" else None
            if limit and cookie.lifetime and cookie.lifetime.days > limit.days and not cookie.longer:
                place = self._place("cookie", cookie.id, "lifetime")
                self._report.add(
                    "cookie-too-long",
                    place,
                    id=cookie.id,
                    lifetime=cookie.lifetime,
                    limit=limit,
                )

    def clocks(self) -> None:
        for promise in self._terms.promises.values():
            place = self._place("promise", promise.id, "clock")
            check_start(promise, tuple(self._terms.promises), place, self._report)
        for circle in _circles(self._terms.promises):
            place = self._place("promise", circle[0], "clock")
            self._report.add("clocks-in-a-circle", place, circle=" → ".join((*circle, circle[0])))


def _circles(promises: Mapping[str, Promise]) -> Iterator[Sequence[str]]:
    """Each cycle of promises whose clocks depend on each other, once, starting with its first promise."""
    done: set[str] = set()
    for id in promises:
        walk: list[str] = []
        while id in promises and id not in done:
            done.add(id)
            walk.append(id)
            id = promises[id].start
        if id in walk:
            yield walk[walk.index(id) :]

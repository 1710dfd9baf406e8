"""The terms of a policy: kinds, channels, purposes, recipients, cookies, promises, and the policy itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from .lengths import Duration, Size
from .regions import REGIONS, list_sought

Sensitivity = Literal["identifying", "describing", "sensitive"]
Choice = Literal["none", "opt out", "sign up"]
STRENGTH: Mapping[str, int] = {"none": 0, "opt out": 1, "sign up": 2}
"""How much choice each leaves."""
Event = Literal["collection", "request", "last contact", "license period", "account"]

FILE_ENDINGS = ("pdf", "png", "jpg", "gif", "txt", "log", "csv", "json", "zip", "docx", "xlsx")
"""What a policy may accept: files that the program knows by their content. None that runs, and no SVG."""
MOST_OF_A_FILE_BYTES = 100 * 1000**2
MOST_FILES = 10
TOPIC_SOURCES = ("products",)
"""What a site lists and a policy cannot: each is a topic where a purpose says so."""
CHANNELS = ("form", "sales", "email", "automatic", "import", "staff", "agent", "api")
EVENTS: tuple[Event, ...] = ("collection", "request", "last contact", "license period", "account")
SAID_OTHERWISE: Mapping[str, Event] = {
    "account closed": "account",
    "case closed": "request",
    "contract end": "license period",
}
"""What policies call these events, too."""
NOT_KNOWN = ("last order",)
"""Events that policies speak of, and that no part of this program notices."""
LAW_PARTS = (
    "third parties",
    "review process",
    "change notice",
    "do not track",
    "california disclosure",
    "data rights",
    "complaint",
    "withdrawal",
    "right to object",
    "other sources",
)
LAWS = ("california", "gdpr", "uk gdpr")
BASES = ("consent", "contract", "legal obligation", "legitimate interests")
POSITIONS = ("processor", "joint controller", "third party")
"""What a recipient is under GDPR."""


@dataclass(frozen=True, slots=True)
class FileRule:
    """What a kind of files takes: endings, how large each may be, and how many at a time."""

    accept: tuple[str, ...]
    limit: Size
    most: int


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a kind is kept, after what."""

    time: Duration
    after: Event
    law: str = ""  # what obliges to keep it so long, though the person asks to delete it

    @property
    def ends_with_account(self) -> bool:
        """As long as the account exists, and no longer."""
        return self.after == "account" and self.time.number == 0

    def is_longer(self, other: "Retention") -> bool:
        """Whether it lasts longer for certain. None begins before collection; other events can't be compared."""
        if self.after == other.after:
            return self.time.days > other.time.days
        return other.after == "collection" and self.time.days >= other.time.days


@dataclass(frozen=True, slots=True)
class UseTime:
    """Until when a purpose may use a kind, where that is shorter than the kind is kept."""

    kind: str
    kept: Retention


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of personal data."""

    id: str
    title: str
    type: str
    values: tuple[str, ...]
    sensitivity: Sensitivity
    dpv: str
    kept: Retention
    section: str
    quotation: str = ""
    files: FileRule | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind that a form asks for: whether it is required, why, and in which countries (empty: everywhere)."""

    kind: str
    required: bool
    why: str
    only_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collect:
    """A way of collecting: channel and place, what is asked there, in order, and what for."""

    id: str
    channel: str
    place: str
    title: str
    asks: tuple[Ask, ...]
    purposes: tuple[str, ...]
    evidence: str
    section: str
    quotation: str = ""
    apart: bool = False  # what comes in for one of its purposes is used for no other of them
    part_of: str = ""

    def ask(self, kind: str) -> Ask | None:
        return next((ask for ask in self.asks if ask.kind == kind), None)


@dataclass(frozen=True, slots=True)
class EmailRule:
    """When an email of a purpose is written, in the policy's own terms."""

    name: str
    after: Duration | None
    before: tuple[Duration, ...]
    of: tuple[str, ...]
    at: str
    to: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a rule is about in part, by the id that the site has for it.

    Of a purpose, people turn it on or off by itself, by the kind of choice that the purpose's is. Of a recipient, it is
    a product that it serves."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """The choice that people of a region have."""

    region: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Purpose:
    """What data is used for. `may_use` holds `needs` too, first.

    `choice` is the strictest of `by_region`, which is empty where all have the same."""

    id: str
    title: str
    dpv: str
    needs: tuple[str, ...]
    may_use: tuple[str, ...]
    collected_by: tuple[str, ...]
    choice: Choice
    marketing: bool
    recipients: tuple[str, ...]
    emails: tuple[EmailRule, ...]
    section: str
    quotation: str = ""
    topics: tuple[Topic, ...] = ()
    topics_of: str = ""  # what the site lists, each of which is a topic: products
    basis: str = ""
    balance: str = ""  # which interest outweighs those of the people, and why

    by_region: tuple[RegionChoice, ...] = ()
    kept: tuple[UseTime, ...] = ()

    def find_time(self, kind: str) -> Retention | None:
        """How long the purpose may use the kind; None: as long as the kind is kept."""
        return next((time.kept for time in self.kept if time.kind == kind), None)

    def choice_in(self, region: str) -> Choice:
        """The choice that people of a region have; unknown ("") takes the strictest that may be theirs."""
        if not self.by_region:
            return self.choice
        named = {each.region: each.choice for each in self.by_region}
        return max((named[each] for each in list_sought(region, named)), key=STRENGTH.__getitem__)

    @property
    def weakest(self) -> Choice:
        """The least choice that anyone has."""
        return min((each.choice for each in self.by_region), key=STRENGTH.__getitem__, default=self.choice)

    @property
    def choices(self) -> Mapping[str, Choice]:
        """Region → choice, of every region and of "", one that isn't known; empty where all have the same."""
        return {region: self.choice_in(region) for region in ("", *REGIONS)} if self.by_region else {}

    def has_topic(self, id: str) -> bool:
        """Whether it is a topic of this purpose. Which things the site lists, the policy does not know."""
        return bool(self.topics_of) or any(topic.id == id for topic in self.topics)

    def states(self, kind: str, channel: str) -> bool:
        return kind in self.may_use and channel in self.collected_by


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone who may receive data."""

    id: str
    title: str
    role: Literal["staff", "partner", "provider", "authority", "colleague"]
    third_party: bool
    own_marketing: bool
    section: str
    quotation: str = ""
    countries: tuple[str, ...] = ()
    safeguard: str = ""
    position: str = ""
    when: str = ""  # the event in which alone it receives data, such as a merger
    products: tuple[Topic, ...] = ()  # those that it serves: it receives nothing about others; empty: about all

    def serves(self, product: str) -> bool:
        """Whether it may receive data about a product; "" where none is named."""
        return not self.products or any(each.id == product for each in self.products)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that may be set. `lifetime` None: ends with the browser's session. `essential` says why, or is empty."""

    id: str
    title: str
    purpose: str
    kinds: tuple[str, ...]
    lifetime: Duration | None
    essential: str
    set_by: str
    longer: str
    section: str
    quotation: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A duty, a clock (`within` … from `start`; `ahead`), or a limit (`at_most` on `on`); `law`: statutes."""

    id: str
    title: str
    duty: str
    within: Duration | None
    start: str
    at_most: Duration | None
    on: str
    law: tuple[str, ...]
    section: str
    quotation: str = ""
    ahead: Duration | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph or list in Markdown. `bound`: a rule keeps it; `information`: it promises nothing."""

    text: str
    line: int
    information: bool
    bound: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule block: its type, id and YAML source."""

    type: str
    id: str
    source: str
    line: int
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The consecutive blocks under one passage of prose."""

    blocks: tuple[Rule, ...]


Part = Prose | Rules


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it. `words` is what to quote from it. A heading without an anchor has ''."""

    anchor: str
    title: str
    level: int
    parts: tuple[Part, ...]
    quotation: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole document. All mappings are read-only and keyed by id, in the document's order."""

    organization: str
    short_name: str
    privacy_email: str
    postal_address: tuple[str, ...]
    language: str
    version: int
    effective: date
    cookie_switch: Literal["none", "declared"]
    sections: tuple[Section, ...]
    kinds: Mapping[str, Kind]
    collects: Mapping[str, Collect]
    purposes: Mapping[str, Purpose]
    recipients: Mapping[str, Recipient]
    cookies: Mapping[str, Cookie]
    promises: Mapping[str, Promise]
    text: str = field(repr=False)
    sha256: str
    laws: tuple[str, ...] = ("california",)
    country: str = ""
    controllers: tuple[str, ...] = ()
    """Who else decides on the data, with their addresses."""
    representative: str = ""
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What `[label]: address` defines, for links by their label."""
    declared: Mapping[str, str] = field(default_factory=dict)
    """Anchor → whether the change of its text since the version before is one of wording, or material."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Type of rule, or `section` → id → what this text calls it, where a rule or a section has another name by now."""

    def __hash__(self) -> int:
        return hash(self.sha256)

    @property
    def is_under_gdpr(self) -> bool:
        """Whether it chose the GDPR of the European Union or that of the United Kingdom."""
        return not {"gdpr", "uk gdpr"}.isdisjoint(self.laws)

    @property
    def letterhead(self) -> tuple[str, ...]:
        """Organization and postal address, the organization once: the address may name it already."""
        named = self.organization in self.postal_address
        return self.postal_address if named else (self.organization, *self.postal_address)

    def name(self, type: str, id: str) -> str:
        """What the text calls a rule, or a section, of this id."""
        return self.names.get(type, {}).get(id, id)

    def find_id(self, type: str, name: str) -> str:
        """The id of what the text calls so."""
        return next((id for id, called in self.names.get(type, {}).items() if called == name), name)

    def section(self, anchor: str) -> Section | None:
        return _by_anchor(self).get(anchor)

    def section_of(self, purpose: str) -> Section | None:
        """The section that states a purpose; None where no section does."""
        stated = self.purposes.get(purpose)
        return self.section(stated.section) if stated else None

    def sentence(self, anchor: str) -> str:
        """The quotation for a section: what its first rule quotes, else its first sentence; '' if unknown."""
        section = self.section(anchor)
        return section.quotation if section else ""

    @property
    def order(self) -> Mapping[str, int]:
        """Kind → its place in the document."""
        return _order(self)


@lru_cache(maxsize=16)
def _by_anchor(policy: Policy) -> Mapping[str, Section]:
    return {section.anchor: section for section in reversed(policy.sections) if section.anchor}


@lru_cache(maxsize=16)
def _order(policy: Policy) -> Mapping[str, int]:
    return {kind: place for place, kind in enumerate(policy.kinds)}

"""The phrases on the page and in answers, each passed to `say` so that a catalog can translate it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pycountry

from .regions import STATES
from .terms import STRENGTH, Cookie, Kind, Promise, Purpose, Recipient, RegionChoice, Retention

Say = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """The same text, marked for the message catalogs."""
    return text


REASONS: Mapping[str, str] = {
    "stated": gettext_noop("Our privacy policy stated this use when the data was given."),
    "answered": gettext_noop("You agreed to this use."),
    "unknown purpose": gettext_noop("The privacy policy does not state this purpose."),
    "kind not stated": gettext_noop("The privacy policy does not allow this kind of data for this purpose."),
    "not held": gettext_noop("We hold no data of this kind."),
    "channel not stated": gettext_noop("The privacy policy does not allow data collected this way for this purpose."),
    "expired": gettext_noop("The time in which we may use it for this has ended."),
    "opted out": gettext_noop("You opted out of marketing."),
    "not signed up": gettext_noop("This is only for people who sign up, and you haven’t."),
    "said no": gettext_noop("You opted out of this."),
    "topic not stated": gettext_noop("The privacy policy does not list this topic."),
    "topic not signed up": gettext_noop("This topic is only for people who sign up for it, and you haven’t."),
    "topic refused": gettext_noop("You turned off this topic."),
    "declined": gettext_noop("We asked you about this new use, and you said no."),
    "unanswered": gettext_noop("This use is new since you gave the data, and you haven’t answered yet."),
}
CHOICES: Mapping[str, str] = {
    "none": gettext_noop("None: never marketing"),
    "opt out": gettext_noop("You can opt out at any time"),
    "sign up": gettext_noop("Only if you sign up"),
}
REGIONS: Mapping[str, str] = {
    "EEA": gettext_noop("in the European Economic Area"),
    "UK": gettext_noop("in the United Kingdom"),
    "CH": gettext_noop("in Switzerland"),
    "CA": gettext_noop("in Canada"),
    "US": gettext_noop("in the United States"),
    "else": gettext_noop("everywhere else"),
    "": gettext_noop("if we don’t know where you live"),
}
IN_STATE = gettext_noop("in the US state of %(state)s")
BY_TOPIC = gettext_noop("%(choice)s, also by topic: %(topics)s")
BY_SOURCE: Mapping[str, str] = {"products": gettext_noop("%(choice)s, also for each product")}
EVENTS: Mapping[str, str] = {
    "collection": gettext_noop("%(time)s"),
    "request": gettext_noop("%(time)s after the request"),
    "last contact": gettext_noop("%(time)s after last contact"),
    "license period": gettext_noop("%(time)s after the license period"),
    "account": gettext_noop("%(time)s after the account ends"),
}
UNITS: Mapping[str, tuple[str, str]] = {
    "hour": (gettext_noop("1 hour"), gettext_noop("%(number)s hours")),
    "day": (gettext_noop("1 day"), gettext_noop("%(number)s days")),
    "business day": (gettext_noop("1 business day"), gettext_noop("%(number)s business days")),
    "week": (gettext_noop("1 week"), gettext_noop("%(number)s weeks")),
    "month": (gettext_noop("1 month"), gettext_noop("%(number)s months")),
    "year": (gettext_noop("1 year"), gettext_noop("%(number)s years")),
}
FOR_PURPOSE = gettext_noop("for %(purpose)s: %(time)s")
AS_LAW_REQUIRES = gettext_noop("%(time)s, as the law requires")
WHILE_ACCOUNT = gettext_noop("While you have an account")
WITH_BROWSER = gettext_noop("Until you close the browser")
ESSENTIAL = gettext_noop("None: essential. %(why)s")
BROWSER = gettext_noop("Your browser's controls")
NEEDED = gettext_noop("Required")
OPTIONAL = gettext_noop("Optional")
EACH_PURPOSE = gettext_noop("As each purpose says")
COOKIE_NAME = gettext_noop("Cookie “%(title)s”")
WITHIN = gettext_noop("Within %(time)s, counted from: %(start)s")
WITHIN_RECEIVING = gettext_noop("Within %(time)s of receiving it")
AHEAD = gettext_noop("At least %(time)s before a new version takes effect")
AT_MOST = gettext_noop("At most %(time)s")

LABELS: Mapping[str, str] = {
    "kind": gettext_noop("Kind"),
    "purpose": gettext_noop("Purpose"),
    "choice": gettext_noop("Choice"),
    "kept": gettext_noop("Kept for"),
    "table": gettext_noop("What the site does with this"),
    "promise": gettext_noop("Promise"),
    "promises": gettext_noop("Promises"),
    "bases": gettext_noop("Legal basis"),
    "given": gettext_noop("Given to"),
    "absent": gettext_noop("Not available yet. This site doesn’t collect data this way so far."),
    "rule": gettext_noop("The rule"),
    "source": gettext_noop("View rule source"),
    "more": gettext_noop("more sections:"),
    "contents": gettext_noop("Contents"),
    "changed": gettext_noop("changed"),
    "anchor": gettext_noop("Link to"),
    "version": gettext_noop("Version"),
    "effective": gettext_noop("effective"),
    "changes": gettext_noop("What changed since version"),
}
"""The words around the text, and the heads of its tables."""

ASK = gettext_noop("%(title)s would also use %(kinds_)s that we already hold.")
ASK_SIGN_UP = gettext_noop("%(title)s is new and would use %(kinds_)s that we already hold, if you sign up.")
NEW_PURPOSE = gettext_noop("%(title)s is a new reason for which we use data that you give us from now on.")
GONE_PURPOSE = gettext_noop("We no longer use data for this: %(title)s.")
NEW_USE = gettext_noop("For %(title)s, we now also use this data, if you give it to us from now on: %(kinds_)s.")
NEW_USE_TO_COME = gettext_noop(
    "%(title)s may also use %(kinds_)s once it’s collected in a way this use covers. Nothing collects it that way now."
)
LESS_USE = gettext_noop("For %(title)s, we use less of this data than before: %(kinds_)s.")
CHOICE = gettext_noop("%(title)s: your choice is now “%(new)s”. Before, it was “%(old)s”.")
MORE_MARKETING = gettext_noop("%(title)s may now carry marketing.")
LESS_MARKETING = gettext_noop("%(title)s no longer includes marketing.")
USED_SHORTER = gettext_noop("%(title)s: %(kinds_)s may now be used %(new)s. It was %(old)s.")
USED_LONGER = gettext_noop(
    "%(title)s: %(kinds_)s that you give from now on may be used %(new)s. "
    "What we already hold may be used as before: %(old)s."
)
NEW_RECIPIENT = gettext_noop("For %(title)s, we now also give data to: %(recipient)s.")
NEW_COMPANY = gettext_noop(
    "For %(title)s, we now also give data, including data that we already hold, to another company that decides "
    "how to use it: %(recipient)s."
)
GONE_RECIPIENT = gettext_noop("For %(title)s, we no longer give data to: %(recipient)s.")
NEW_TOPIC = gettext_noop("%(title)s: a new topic that you can turn on or off: %(topic)s.")
GONE_TOPIC = gettext_noop("%(title)s: you can no longer turn this topic on or off by itself: %(topic)s.")
TOPICS = gettext_noop("%(title)s: the topics that you can turn on or off have changed.")
NEW_EMAIL = gettext_noop("For %(title)s, we now also send this kind of email: “%(email)s”.")
GONE_EMAIL = gettext_noop("For %(title)s, we no longer send this kind of email: “%(email)s”.")
EMAIL_TIME = gettext_noop(
    "For %(title)s, we now send this kind of email at another time or to someone else: “%(email)s”."
)
NEEDS = gettext_noop("For %(title)s, we now need this data: %(kinds_)s.")
NEEDS_LESS = gettext_noop("For %(title)s, we no longer need this data: %(kinds_)s.")
RECORDED_AS = gettext_noop("%(title)s is now recorded as %(new)s. It was recorded as %(old)s.")
BASIS = gettext_noop("%(title)s: the legal basis is now: %(new)s. It was: %(old)s.")
LEGAL_BASIS: Mapping[str, str] = {
    "consent": gettext_noop("your consent"),
    "contract": gettext_noop("a contract with you, or steps before one"),
    "legal obligation": gettext_noop("a legal obligation"),
    "legitimate interests": gettext_noop("legitimate interests: %(balance)s"),
}
ONLY_ABOUT = gettext_noop("only about %(products)s")
ALL_PRODUCTS = gettext_noop("all products")
SERVES = gettext_noop("%(title)s now receives data about: %(new)s. It was: %(old)s.")
RECIPIENT_AT = gettext_noop("%(title)s: where data is received is now: %(new)s. It was: %(old)s.")
SAFEGUARD = gettext_noop("%(title)s: what protects data there is now: %(new)s. It was: %(old)s.")
POSITION: Mapping[str, str] = {
    "processor": gettext_noop("works for us under contract"),
    "joint controller": gettext_noop("decides on the data together with us"),
    "third party": gettext_noop("decides on the data itself"),
}
NEW_KIND = gettext_noop("%(title)s is a new kind of data.")
GONE_KIND = gettext_noop("%(title)s is no longer held.")
OTHER_KIND = gettext_noop("%(title)s may hold other values than before.")
VALUES_ADDED = gettext_noop("%(title)s can now also be: %(values)s.")
VALUES_GONE = gettext_noop("%(title)s can no longer be: %(values)s.")
KEPT = gettext_noop("%(title)s: now kept %(new)s. It was %(old)s.")
KEPT_BY_LAW = (
    gettext_noop("%(title)s: a law now requires us to keep it, even if you ask us to delete it."),
    gettext_noop("%(title)s: no law requires us to keep it anymore."),
)
LAW_WORDS = gettext_noop("%(title)s: what requires us to keep it is now described as “%(new)s”. It was “%(old)s”.")
NEW_COLLECT = gettext_noop("“%(title)s” is a new way we collect: %(kinds_)s.")
GONE_COLLECT = gettext_noop("“%(title)s” no longer collects data.")
ASKS_ALSO = gettext_noop("“%(title)s” now also asks for: %(kinds_)s.")
ASKS_NO_LONGER = gettext_noop("“%(title)s” no longer asks for: %(kinds_)s.")
NOW_REQUIRED = gettext_noop("“%(title)s” now requires: %(kinds_)s.")
NOW_OPTIONAL = gettext_noop("“%(title)s” no longer requires: %(kinds_)s.")
FEWER_COUNTRIES = gettext_noop("“%(title)s” asks in fewer countries for: %(kinds_)s.")
OTHER_COUNTRIES = gettext_noop("“%(title)s” asks in other countries for: %(kinds_)s.")
ALSO_FOR = gettext_noop("“%(title)s” now collects data also for: %(purposes)s.")
NO_LONGER_FOR = gettext_noop("“%(title)s” no longer collects data for: %(purposes)s.")
KEPT_APART = gettext_noop("“%(title)s”: what comes in for one purpose is no longer used for the others: %(purposes)s.")
RECIPIENT = (
    gettext_noop("%(title)s may now receive data."),
    gettext_noop("%(title)s no longer receives data."),
)
RENAMED_RECIPIENT = gettext_noop("The recipient “%(old)s” is now called “%(new)s”.")
THIRD_PARTY = (
    gettext_noop("%(title)s now counts as a third party."),
    gettext_noop("%(title)s no longer counts as a third party."),
)
OWN_MARKETING = (
    gettext_noop("%(title)s may now use data for marketing of its own."),
    gettext_noop("%(title)s may no longer use data for marketing of its own."),
)
OTHER_ROLE = gettext_noop("%(title)s now receives data in another role.")
ROLE = gettext_noop("%(title)s: its role is now “%(new)s”. It was “%(old)s”.")
COOKIE = (
    gettext_noop("A new cookie: %(title)s."),
    gettext_noop("The cookie %(title)s was removed."),
)
COOKIE_LASTS = gettext_noop("The cookie %(title)s now lasts: %(new)s. It was: %(old)s.")
COOKIE_SERVES = gettext_noop("The cookie %(title)s now serves another purpose: %(purpose_)s.")
COOKIE_HOLDS = gettext_noop("The cookie %(title)s now holds: %(kinds_)s.")
COOKIE_BY = gettext_noop("The cookie %(title)s is now set by: %(recipient)s.")
COOKIE_REASON = gettext_noop("The cookie %(title)s: the reason why it is essential, or lasts longer, has changed.")
PROMISE = (
    gettext_noop("We now promise: “%(title)s.”"),
    gettext_noop("We no longer promise: “%(title)s.”"),
)
PROMISE_TIME = gettext_noop(
    "We changed the time that we promise for “%(title)s”. It’s now %(new)s. Before, it was %(old)s."
)
DUTY = gettext_noop("We now describe how we keep a promise as “%(new)s”. Before: “%(old)s”.")
PROMISE_OTHER = gettext_noop("We changed how we keep this promise: “%(title)s.”")
FRONT_FIELDS: Mapping[str, str] = {
    "organization": gettext_noop("our name"),
    "privacy_email": gettext_noop("the email address for privacy questions"),
    "postal_address": gettext_noop("our postal address"),
    "cookie_switch": gettext_noop("whether we have a switch of our own for cookies"),
    "country": gettext_noop("the country where we are"),
    "controllers": gettext_noop("who decides on your data with us"),
    "representative": gettext_noop("who represents us"),
}
NOT_STATED = gettext_noop("not stated")
LAW_NAMES: Mapping[str, str] = {
    "california": gettext_noop("California’s privacy laws"),
    "gdpr": gettext_noop("the GDPR of the European Union"),
    "uk gdpr": gettext_noop("the GDPR of the United Kingdom"),
}
FRONT = gettext_noop("We changed %(field)s. It’s now: %(new)s. Before: %(old)s.")
LAWS_CHOSEN = gettext_noop("These laws apply now: %(new)s. Before: %(old)s.")
RENAMED = gettext_noop("“%(old)s” is now called “%(new)s”.")
REASON = gettext_noop("“%(title)s” gives another reason for %(kind)s: “%(new)s” It was: “%(old)s”")
REWORDED: Mapping[str, str] = {
    "": gettext_noop("We reworded “%(title)s”. No rule in it changed."),
    "wording": gettext_noop("The text of “%(title)s” has changed. We declare this a change of wording."),
    "material": gettext_noop("The text of “%(title)s” has changed. We declare this a material change."),
}
"""How a change of prose is declared → its sentence."""
TIME_REWORDED = gettext_noop("The text of “%(title)s” said “%(old)s”. It now says: “%(new)s”")
TIME_GONE = gettext_noop("The text of “%(title)s” no longer says “%(old)s”.")


JOINED = gettext_noop("%(first)s and %(last)s")


def join_words(parts: Sequence[str], say: Say = str) -> str:
    """What a sentence lists: "Name, Email and Phone"."""
    if len(parts) < 2:
        return "".join(parts)
    return say(JOINED) % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def time_words(time: object, say: Say = str) -> str:
    """A duration in words."""
    number, unit = getattr(time, "number", 0), getattr(time, "unit", "day")
    one, many = UNITS[unit]
    return say(one) if number == 1 else say(many) % {"number": number}


def describe_kept(kept: Retention, say: Say = str) -> str:
    """How long a kind is kept, for the column `kept for`."""
    words = say(EVENTS[kept.after]) % {"time": time_words(kept.time, say)}
    if kept.ends_with_account:
        words = say(WHILE_ACCOUNT)
    return say(AS_LAW_REQUIRES) % {"time": words} if kept.law else words


def describe_times_kept(kind: Kind, purposes: Sequence[Purpose], say: Say = str) -> str:
    """How long a kind is kept, and used for those of the purposes that may use it for a shorter time."""
    own = [(purpose.title, time) for purpose in purposes if (time := purpose.find_time(kind.id))]
    shorter = [say(FOR_PURPOSE) % {"purpose": title, "time": describe_kept(time, say)} for title, time in own]
    return "; ".join((describe_kept(kind.kept, say), *shorter))


def choice_words(purpose: Purpose, say: Say = str) -> str:
    """Which choice people have, for the column `choice`."""
    choice = say(CHOICES[purpose.choice])
    if purpose.by_region:
        choice = ". ".join(_in_regions(purpose, CHOICES, say))
    if purpose.topics_of:
        return say(BY_SOURCE[purpose.topics_of]) % {"choice": choice}
    if not purpose.topics:
        return choice
    return say(BY_TOPIC) % {"choice": choice, "topics": join_words([topic.title for topic in purpose.topics], say)}


def describe_choice(purpose: Purpose, say: Say = str) -> str:
    """The choice for sentences that compare; region by region where it differs."""
    return "; ".join(_in_regions(purpose, CHOICES, say)) if purpose.by_region else say(CHOICES[purpose.choice])


def choice_names(purpose: Purpose) -> str:
    """The choice as rules name it; region by region where it differs."""
    return "; ".join(_in_regions(purpose, {}, str)) if purpose.by_region else purpose.choice


def _in_regions(purpose: Purpose, words: Mapping[str, str], say: Say) -> Iterator[str]:
    """Each choice with its regions, the strictest first; that is what people get whose region is unknown."""
    stated = (*purpose.by_region, RegionChoice("", purpose.choice))
    for choice in sorted({each.choice for each in stated}, key=STRENGTH.__getitem__, reverse=True):
        regions = ", ".join(region_words(each.region, say) for each in stated if each.choice == choice)
        yield f"{say(words.get(choice, choice))} ({regions})"


def region_words(region: str, say: Say = str) -> str:
    if region not in STATES:
        return say(REGIONS[region])
    state = pycountry.subdivisions.get(code=region)  # type: ignore[no-untyped-call]  # pycountry has no types here
    return say(IN_STATE) % {"state": state.name}


def country_words(codes: Sequence[str], say: Say = str) -> str:
    """Countries by the names that people know them by."""
    found = {code: pycountry.countries.get(alpha_2=code) for code in codes}
    return join_words([getattr(each, "common_name", each.name) if each else code for code, each in found.items()], say)


def cookie_choice_words(cookie: Cookie, say: Say = str) -> str:
    return say(ESSENTIAL) % {"why": cookie.essential} if cookie.essential else say(BROWSER)


def promise_words(promise: Promise, say: Say = str) -> str:
    """A promise in words: its clock, its limit, or its duty."""
    if promise.within and promise.start == "received":
        return say(WITHIN_RECEIVING) % {"time": time_words(promise.within, say)}
    if promise.within:
        return say(WITHIN) % {"time": time_words(promise.within, say), "start": promise.start}
    if promise.ahead:
        return say(AHEAD) % {"time": time_words(promise.ahead, say)}
    if promise.at_most:
        return say(AT_MOST) % {"time": time_words(promise.at_most, say)}
    return promise.duty


def basis_words(purpose: Purpose, say: Say = str) -> str:
    """The legal basis in words; "" where none is stated."""
    if not purpose.basis:
        return ""
    return say(LEGAL_BASIS[purpose.basis]) % {"balance": purpose.balance}


def product_words(recipient: Recipient, say: Say = str) -> str:
    """The products that a recipient serves."""
    return join_words([each.title for each in recipient.products], say) or say(ALL_PRODUCTS)


def position_words(recipient: Recipient, say: Say = str) -> str:
    """What a recipient does with data: as it is stated, else what follows from what it is; "" for others."""
    usual = "processor" if recipient.role == "provider" else "third party" if recipient.third_party else ""
    position = recipient.position or usual
    return say(POSITION[position]) if position and recipient.role != "authority" else ""


def recipient_words(recipient: Recipient, say: Say = str) -> str:
    """A recipient with what it is, where it is and what protects data there, as far as that is stated."""
    role = say(POSITION[recipient.position]) if recipient.position else ""
    products = say(ONLY_ABOUT) % {"products": product_words(recipient, say)} if recipient.products else ""
    countries = country_words(recipient.countries, say)
    about = [each for each in (role, countries, recipient.safeguard, recipient.when, products) if each]
    return f"{recipient.title} ({'; '.join(about)})" if about else recipient.title

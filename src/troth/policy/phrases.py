"""The program's own words on the page and in answers, each given to `say` so that a catalog can translate it."""

from collections.abc import Callable, Mapping

from .terms import Cookie, Kept, Promise, Purpose

Say = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """The same text, marked for the message catalogs."""
    return text


REASONS: Mapping[str, str] = {
    "stated": gettext_noop("The policy stated this use when the data was given."),
    "answered": gettext_noop("You agreed to this use."),
    "unknown purpose": gettext_noop("The policy does not state this purpose."),
    "kind not stated": gettext_noop("The policy does not let this purpose use this kind of data."),
    "not held": gettext_noop("Nothing of this kind is held."),
    "channel not stated": gettext_noop("The policy does not let this purpose use data that came this way."),
    "expired": gettext_noop("The time for which it may be kept has passed."),
    "opted out": gettext_noop("You opted out of marketing."),
    "not signed up": gettext_noop("This happens only for those who sign up, and you have not."),
    "said no": gettext_noop("You said no to this."),
    "declined": gettext_noop("You were asked about this new use, and said no."),
    "unanswered": gettext_noop("This use is new since the data was given, and you have not answered yet."),
}
CHOICES: Mapping[str, str] = {
    "none": gettext_noop("None: never marketing"),
    "opt out": gettext_noop("You can say no at any time"),
    "sign up": gettext_noop("Only if you sign up"),
}
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
WHILE_ACCOUNT = gettext_noop("While you have an account")
WITH_BROWSER = gettext_noop("Until the browser is closed")
ESSENTIAL = gettext_noop("None: essential. %(why)s")
BROWSER = gettext_noop("Your browser's controls")
NEEDED = gettext_noop("Needed")
OPTIONAL = gettext_noop("Optional")
EACH_PURPOSE = gettext_noop("As each purpose says")
COOKIE_NAME = gettext_noop("Cookie “%(title)s”")
WITHIN = gettext_noop("Within %(time)s, counted from: %(start)s")
AT_MOST = gettext_noop("At most %(time)s")

ASK = gettext_noop("%(title)s would also use %(kinds_)s that we already hold.")
ASK_SIGN_UP = gettext_noop("%(title)s is new and would use %(kinds_)s that we already hold, if you sign up.")
NEW_PURPOSE = gettext_noop("%(title)s is a new use of data that you give from now on.")
GONE_PURPOSE = gettext_noop("%(title)s has ended.")
NEW_USE = gettext_noop("%(title)s also uses %(kinds_)s, as given from now on.")
NEW_USE_TO_COME = gettext_noop(
    "%(title)s may also use %(kinds_)s, once it is collected in a way that this use draws on. None does so now."
)
LESS_USE = gettext_noop("%(title)s no longer uses all of: %(kinds_)s.")
CHOICE = gettext_noop("%(title)s: the choice is now “%(new)s”, before “%(old)s”.")
MORE_MARKETING = gettext_noop("%(title)s may now carry marketing.")
LESS_MARKETING = gettext_noop("%(title)s no longer carries marketing.")
NEW_RECIPIENT = gettext_noop("%(title)s also gives data to: %(recipient)s.")
GONE_RECIPIENT = gettext_noop("%(title)s no longer gives data to: %(recipient)s.")
LETTERS = gettext_noop("%(title)s: letters come at other times.")
NEEDS = gettext_noop("%(title)s: what is needed is different.")
NEW_KIND = gettext_noop("%(title)s is a new kind of data.")
GONE_KIND = gettext_noop("%(title)s is no longer held.")
OTHER_KIND = gettext_noop("%(title)s may hold other values than before.")
KEPT = gettext_noop("%(title)s: kept %(new)s, before %(old)s.")
NEW_COLLECT = gettext_noop("“%(title)s” is a new way in, for: %(kinds_)s.")
GONE_COLLECT = gettext_noop("“%(title)s” is no longer a way in.")
ASKS = gettext_noop("“%(title)s” asks differently for: %(kinds_)s.")
ASKED_FOR = gettext_noop("“%(title)s” asks for other purposes.")
RECIPIENT = (
    gettext_noop("%(title)s may be given data."),
    gettext_noop("%(title)s: what they are and may do is stated differently."),
    gettext_noop("%(title)s is no longer given data."),
)
COOKIE = (
    gettext_noop("A new cookie: %(title)s."),
    gettext_noop("The cookie %(title)s is different."),
    gettext_noop("The cookie %(title)s is gone."),
)
PROMISE = (
    gettext_noop("A new promise: %(title)s."),
    gettext_noop("A promise is different: %(title)s."),
    gettext_noop("A promise is gone: %(title)s."),
)
FRONT = gettext_noop("The %(field)s is different.")
WORDING = gettext_noop("Clearer words in “%(title)s”; same meaning.")


def time_words(time: object, say: Say = str) -> str:
    """A duration in words."""
    number, unit = getattr(time, "number", 0), getattr(time, "unit", "day")
    one, many = UNITS[unit]
    return say(one) if number == 1 else say(many) % {"number": number}


def kept_words(kept: Kept, say: Say = str) -> str:
    """How long a kind is kept, for the column `kept for`."""
    if kept.after == "account" and kept.time.number == 0:
        return say(WHILE_ACCOUNT)
    return say(EVENTS[kept.after]) % {"time": time_words(kept.time, say)}


def choice_words(purpose: Purpose, say: Say = str) -> str:
    """Which choice people have, for the column `choice`."""
    return say(CHOICES[purpose.choice])


def cookie_choice_words(cookie: Cookie, say: Say = str) -> str:
    return say(ESSENTIAL) % {"why": cookie.essential} if cookie.essential else say(BROWSER)


def promise_words(promise: Promise, say: Say = str) -> str:
    """What a promise comes to: its clock, its limit, or its duty."""
    if promise.within:
        return say(WITHIN) % {"time": time_words(promise.within, say), "start": promise.start}
    if promise.at_most:
        return say(AT_MOST) % {"time": time_words(promise.at_most, say)}
    return promise.duty

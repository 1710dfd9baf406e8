"""The law once more, as plainly as it can be said: over what happened, not over what is kept of it.

A version is {purpose: {"kinds", "channels", "choice", "marketing", "topics", "times"}}; a choice is one for all, or {place:
choice} with places such as DE, US-CA or else; times are {kind: (time, "collection" or "last contact")}. A history is what happened to one person, in order:
("kept", kind, channel, version, until, since[, value]) and ("said", question, version, yes). Nothing of the program is used here.
"""

from typing import Any

Version = dict[str, dict[str, Any]]


def lasting(history: list[Any], now: Any, contact: Any, time: Any) -> list[Any]:
    """The history with its ends moved: so long after whichever was later, giving or contact; what is over stays over."""
    return [
        event if event[0] != "kept" or event[4] <= now else (*event[:4], max(event[5], contact) + time, *event[5:])
        for event in history
    ]


def allowed(
    history: list[Any], versions: list[Version], purpose: str, kind: str, now: Any, contact: Any, topic: str = ""
) -> bool:
    rule = versions[-1].get(purpose)
    if rule is None or kind not in rule["kinds"]:
        return False
    choice = _choice(rule["choice"], history, now)
    said = {event[1]: event[2:] for event in history if event[0] == "said"}  # the last one counts
    under, yes = said.get(purpose, (None, None))
    if rule["marketing"] and said.get("marketing", (0, True))[1] is False:
        return False
    if choice == "sign up" and yes is None:
        return False
    if choice != "none" and yes is False:
        return False
    if topic:
        default = choice != "sign up"
        if topic not in rule["topics"] or not said.get(f"{purpose}/{topic}", (0, default))[1]:
            return False
    for event in history:
        if event[0] != "kept" or event[1] != kind or event[4] <= now or event[2] not in rule["channels"]:
            continue
        if any(end <= now for end in _list_ends(event, versions, purpose, contact)):
            continue
        channel, version = event[2:4]
        if yes and _states(versions, under, purpose, kind, channel):
            return True
        if choice != "sign up" and _states(versions, version, purpose, kind, channel):
            return True
        since = _stated_since(versions, purpose, kind, channel)
        if said.get(f"{purpose}@{since}", (0, False))[1]:
            return True
    return False


def _list_ends(event: Any, versions: list[Version], purpose: str, contact: Any) -> list[Any]:
    """When the purpose's own time for a value ends, by each version since the value was given."""
    kind, channel, version, since = event[1], event[2], event[3], event[5]
    found = []
    for number, stated in enumerate(versions, 1):
        rule = stated.get(purpose)
        if rule and number >= version and channel in rule["channels"] and kind in rule["times"]:
            time, after = rule["times"][kind]
            found.append((max(since, contact) if after == "last contact" else since) + time)
    return found


def _choice(choice: Any, history: list[Any], now: Any) -> str:
    """Of the places where a person may live the strictest choice; who gave no country, or two, may live anywhere."""
    if isinstance(choice, str):
        return choice
    lives: dict[str, set[str]] = {"country": set(), "state": set()}
    for event in history:
        if event[0] == "kept" and event[1] in lives and event[4] > now:
            lives[event[1]].add(event[6])
    if len(lives["country"]) != 1:
        possible = set(choice)
    elif lives["country"] != {"US"}:
        (country,) = lives["country"]
        possible = {country if country in choice else "else"}
    else:
        places = {f"US-{state}" for state in lives["state"]}
        listed = {place for place in choice if place.startswith("US-")}
        rest = "US" if "US" in choice else "else"
        possible = {place if place in choice else rest for place in places} if len(places) == 1 else {*listed, rest}
    return max((str(choice[place]) for place in possible), key=["none", "opt out", "sign up"].index)


def _states(versions: list[Version], number: int, purpose: str, kind: str, channel: str) -> bool:
    if not 1 <= number <= len(versions):
        return False
    rule = versions[number - 1].get(purpose)
    return rule is not None and kind in rule["kinds"] and channel in rule["channels"]


def _stated_since(versions: list[Version], purpose: str, kind: str, channel: str) -> int:
    number = len(versions)
    while _states(versions, number - 1, purpose, kind, channel):
        number -= 1
    return number

"""The clocks that sentences state: “We respond within 30 days” suggests `{within: 30 days, from: request received}`."""

import re
from collections.abc import Mapping

from .clocks import AHEAD_OF
from .lexicon import Lexicon
from .stated import find_times


def list_clocks(sentence: str, says: Mapping[str, re.Pattern[str]], lexicon: Lexicon) -> list[str]:
    """The clocks of a sentence as rules have them, each once: its times with the events that they run from.

    Takes   event → what the sentence says up to the time, or around it, where a line break is in its place
    """
    found: dict[str, None] = {}
    for stated in find_times(sentence, lexicon):
        before, after = sentence[: stated.start], sentence[stated.end :]
        event = next(
            (event for event, said in says.items() if said.search(before) or said.search(f"{before}\n{after}")), ""
        )
        if event in AHEAD_OF:
            found[f"{{at least: {stated.time}, before: {event}}}"] = None
        elif event:
            found[f"{{within: {stated.time}, from: {event}}}"] = None
    return list(found)

"""The one check for text from outside: forms, names, notes, look-ups, agents' bodies, queries and paths.

    line(" Ada  Okafor ")        "Ada Okafor": composed characters, single spaces, nothing that nobody can see
    lines("a\\r\\nb")              the same with its line breaks
    name("Halden Valve Works")   a line that no mail program turns into a link
    company("Amazon.com Inc.")   a name that may be a domain; never in an email to strangers
    number("40", most=100)       a whole number; 5,000 digits are none
    read_json(body)              JSON of a depth and size that the rest of the program can bear

Each raises CannotRead with a sentence that says what to do. Nothing here knows a kind of the policy, a form or a table.
"""

from troth.text.bodies import NoJson, read_json
from troth.text.reading import (
    code,
    company,
    day,
    line,
    lines,
    moment,
    name,
    number,
    paragraph,
    read_answer,
    read_id,
    read_search,
    secret,
)
from troth.text.signs import CannotRead, breaks, mark_broken, plain

__all__ = [
    "CannotRead",
    "NoJson",
    "breaks",
    "code",
    "company",
    "day",
    "line",
    "lines",
    "mark_broken",
    "moment",
    "name",
    "number",
    "paragraph",
    "plain",
    "read_answer",
    "read_id",
    "read_json",
    "read_search",
    "secret",
]

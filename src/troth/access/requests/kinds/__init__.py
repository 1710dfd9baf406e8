"""The kinds of privacy requests. A new one is a module and a name below.

Policy  #A4, #L2
"""

from troth.access.requests.kinds.choices import OBJECTION, OPT_IN, OPT_OUT, RESTRICTION
from troth.access.requests.kinds.copies import ACCESS, COPY
from troth.access.requests.kinds.deletion import ERASURE
from troth.access.requests.kinds.writing import CORRECTION, QUESTION

KINDS = (ACCESS, COPY, CORRECTION, ERASURE, RESTRICTION, OBJECTION, OPT_OUT, OPT_IN, QUESTION)

__all__ = [
    "ACCESS",
    "COPY",
    "CORRECTION",
    "ERASURE",
    "KINDS",
    "OBJECTION",
    "OPT_IN",
    "OPT_OUT",
    "QUESTION",
    "RESTRICTION",
]

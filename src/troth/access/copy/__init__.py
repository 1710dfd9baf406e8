"""A copy of everything we hold about people: each value with its source and uses, their choices and their history.

Policy  #A3, #A4

copy = copy_of(people, cause=case.id, at_utc=now)
as_json(copy), as_pdf(copy)                             # troth.access.copy.writing
"""

from troth.access.copy.making import CopiedEntry, CopiedPerson, CopiedValue, Copy, copy_of

__all__ = ["CopiedEntry", "CopiedPerson", "CopiedValue", "Copy", "copy_of"]

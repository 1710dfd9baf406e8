"""Writes the message catalog: `makemessages` of Django, which reads the refusals of our SQL, too.

python tools/messages.py        src/troth/locale/en/LC_MESSAGES/django.po
python tools/messages.py ROOT   the same below another copy of src/troth
"""

import os
import re
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

SRC = Path(__file__).resolve().parent.parent / "src/troth"
_CALL = re.compile(r"(?<!function )\brefuse\(")
_REFUSAL = re.compile(r"'(?:[^']|'')*',\s*((?:'(?:[^']|'')*'\s*)+)[,)]")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")


class NoLiteral(Exception):
    """A refusal's sentence is made of parts, so that no catalog can hold it: name the values as %(name)s."""


class Sources(makemessages.BuildFile):
    """A file that messages are read from; one of SQL is read as Python that says the same sentences."""

    def preprocess(self) -> None:
        if not self.path.endswith(".sql"):
            super().preprocess()
            return
        text = Path(self.path).read_text(encoding="utf-8")
        said = "".join(f"gettext_noop({sentence!r})\n" for sentence in list_refusals(text, self.path))
        Path(self.work_path).write_text(said, encoding="utf-8")


class Command(makemessages.Command):
    build_file_class = Sources


def list_refusals(sql: str, name: str) -> list[str]:
    """The sentences that functions refuse with.   Raises  NoLiteral"""
    sentences = []
    for call in _CALL.finditer(sql):
        found = _REFUSAL.match(sql, call.end())
        if found is None:
            raise NoLiteral(f"{name}, line {sql.count(chr(10), 0, call.start()) + 1}: {NoLiteral.__doc__}")
        sentences.append("".join(part.replace("''", "'") for part in _LITERAL.findall(found[1])))
    return sentences


if __name__ == "__main__":
    os.chdir(sys.argv[1] if sys.argv[1:] else SRC)
    settings.configure(USE_I18N=True)
    call_command(
        Command(),
        locale=["en"],
        extensions=["html", "txt", "py", "sql"],
        no_location=True,
        no_obsolete=True,
        verbosity=0,
    )

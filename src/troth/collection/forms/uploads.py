"""Files in a form: encrypted into the store while they arrive, and checked by name, size and content.

Nothing is taken that the policy's kind doesn't state. What is wrong is a sentence that the field shows; the rest of the
file is then thrown away as it comes. A file that no form keeps goes with its request.
"""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from troth import files
from troth.collection.forms.inspecting import inspect
from troth.collection.forms.signatures import Signature, ending_of, media_of
from troth.policy.terms import FileRule
from troth.records import stored
from troth.records.ids import new_id
from troth.text import CannotRead, line

MOST_OF_NAME = 150
SPARE_BYTES = 1_000_000_000
"""The disk has this much left whatever comes: the database lies there, too."""

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_files(view: View) -> View:
    """Marks a view that may take files, if the policy asks for them: the server then accepts larger bodies."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class Upload(UploadedFile):  # type: ignore[type-arg]  # the class takes none while it runs
    """One file on its way in. `problem`: the sentence that refuses it; `attached`: what to keep of a whole one."""

    def __init__(self, rule: FileRule, name: str, *, number: int) -> None:
        super().__init__(name=name)
        self.rule, self.problem = rule, ""
        self.attached: files.Attached | None = None
        self._id, self._key, self._came = new_id(), files.new_key(), 0
        self._ending = ending_of(name)
        self._signature = Signature(self._ending)
        self.problem = self._refuse_at_first(number)
        self._writing = None if self.problem else files.of_site().begin(self._id, self._key)

    def take(self, part: bytes) -> None:
        self._came += len(part)
        if self.problem or self._writing is None:
            return
        if self._came > self.rule.limit.size_bytes:
            self.refuse_size()
            return
        self._signature.look(part)
        self._writing.write(part)

    def refuse_size(self) -> None:
        """It is larger than the policy's kind takes, as far as nothing else was wrong with it."""
        self._refuse(self.problem or _("This file is too large. The limit is %(limit)s.") % {"limit": self.rule.limit})

    def end(self) -> None:
        """All of it has come."""
        if self.problem or self._writing is None:
            return
        if not self._came:
            self._refuse(_("This file is empty. Choose another one."))
        elif not self._signature.fits():
            words = _(
                "This isn’t a %(kind)s file, whatever its name says. Save it in that format or choose another one."
            )
            self._refuse(words % {"kind": self._ending.upper()})
        else:
            self._finish(self._writing)

    def _finish(self, writing: files.Writing) -> None:
        written = writing.finish()
        if problem := inspect(writing, written, ending=self._ending):
            self._refuse(problem)
            return
        name, media = _clean(str(self.name)), media_of(self._ending)
        self.attached = files.Attached.of(written, id=self._id, key=self._key, name=name, media=media)

    def close(self) -> None:
        """With the request: what was not kept is gone."""
        if self._writing is not None:
            self._writing.discard()

    def _refuse_at_first(self, number: int) -> str:
        """What is wrong before the first byte; "" if nothing is."""
        if number > self.rule.most:
            return _("Choose at most %(number)d files.") % {"number": self.rule.most}
        if self._ending not in self.rule.accept:
            return _("We don’t take this kind of file. Choose one of these: %(kinds)s.") % {
                "kinds": list_endings(self.rule)
            }
        try:
            _clean(str(self.name))
        except CannotRead:
            return _("We can’t use this file’s name. Rename it in up to 150 plain characters, then choose it again.")
        if not has_room(self.rule.limit.size_bytes):
            return _("We can’t take files right now. Send the form without it, or try again later.")
        return ""

    def _refuse(self, problem: str) -> None:
        self.problem = problem
        self.close()


def has_room(size_bytes: int = 0) -> bool:
    """Whether so much more can be stored, by the disk and by what the site may use of it.   Cost  1 query."""
    if files.of_site().free_bytes() < SPARE_BYTES + size_bytes:
        return False
    return stored.count_bytes() + size_bytes <= settings.TROTH_FILES_QUOTA


def list_endings(rule: FileRule) -> str:
    """For example PDF, PNG, JPG."""
    return ", ".join(ending.upper() for ending in rule.accept)


def _clean(name: str) -> str:
    """One line without a folder. Raises CannotRead."""
    return line(name.replace("\\", "/").rpartition("/")[2], least=1, most=MOST_OF_NAME)

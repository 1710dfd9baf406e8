"""Files in requests: accepted where the page and the policy ask for them, else refused at their first byte."""

from collections import Counter
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import Resolver404, resolve

from troth import in_force
from troth.collection.forms.uploads import Upload
from troth.policy.terms import FileRule


class FilesRefused(SuspiciousOperation):
    """A file came with a form. Answered with 400 and a sentence."""


class StatedFiles(FileUploadHandler):
    """What FILE_UPLOAD_HANDLERS names. A field of a file has the name of its kind."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._numbers: Counter[str] = Counter()
        self._taken: Upload | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        rule = self._rule(field_name)
        if rule is None:
            raise FilesRefused("A file came with a form that asks for none.")
        self._numbers[field_name] += 1
        self._taken = Upload(rule, file_name, number=self._numbers[field_name])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._taken is not None
        self._taken.take(raw_data)

    def file_complete(self, file_size: int) -> Upload | None:
        taken, self._taken = self._taken, None
        if taken is not None:
            taken.end()
        return taken

    def upload_interrupted(self) -> None:
        if self._taken is not None:
            self._taken.close()

    def _rule(self, field_name: str) -> FileRule | None:
        try:
            takes = getattr(resolve(self.request.path_info).func, "takes_files", False) if self.request else False
        except Resolver404:
            return None
        kind = in_force.policy().kinds.get(field_name) if takes else None
        return kind.files if kind else None

"""No form of ours asks for a file, so none is taken: refused at its first byte, before anything is kept of it."""

from typing import Any, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler


class FilesRefused(SuspiciousOperation):
    """A file came with a form. Answered with 400 and a sentence."""


class RefuseFiles(FileUploadHandler):
    """What FILE_UPLOAD_HANDLERS names."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FilesRefused("A file came with a form that asks for none.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never reached: no file begins."""

    def file_complete(self, file_size: int) -> None:
        """Never reached: no file begins."""

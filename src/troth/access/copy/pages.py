"""The page of a file that is being prepared, and the file itself. Whoever asks has been let in by the caller."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from troth.access.account.guards import private
from troth.collection import prepared
from troth.collection.prepared import PreparedFile

REFRESH_SECONDS = 3


def progress(request: HttpRequest, file: PreparedFile | None, *, back: str, base: str) -> HttpResponse:
    """Where it stands; the page looks again by itself until the file is ready, without a script.

    Takes   base: the template whose frame the page has."""
    if file is None:
        return private(render(request, "copy/over.html", {"back": back, "base": base}, status=404))
    words = "" if file.ready_utc else prepared.waiting_in_words(file, at_utc=timezone.now())
    context = {"file": file, "words": words, "back": back, "base": base}
    response = private(render(request, "copy/progress.html", context))
    if not file.ready_utc:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def download(request: HttpRequest, file: PreparedFile | None, *, back: str, base: str) -> HttpResponse:
    """The file; its progress page while it is not ready."""
    if file is None or not file.ready_utc:
        return progress(request, file, back=back, base=base)
    response = HttpResponse(prepared.content_of(file), content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return private(response)

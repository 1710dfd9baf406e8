"""The page of a file that is being prepared, and the file itself. The caller has checked who asks."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from troth.collection import prepared
from troth.collection.downloads import download as download_of
from troth.collection.prepared import PreparedFile
from troth.files import NoSuchFile
from troth.headers import make_private
from troth.security import hops
from troth.text.times import lasting

REFRESH_SECONDS = 3


def progress(request: HttpRequest, file: PreparedFile | None, *, here: str, back: str, base: str) -> HttpResponse:
    """The page that shows how far a file is.

    The page looks again by itself until the file is ready: without a script, unless a mailed secret goes with it, which
    only a form can carry.

    Takes   here: the file's own page; base: the template whose frame the page has."""
    context = {"file": file, "here": here, "back": back, "base": base, "mailed": hops.of(request)}
    if file is None:
        over = {**context, "lasting": lasting(prepared.LASTING)}
        return make_private(render(request, "copy/over.html", over, status=404))
    words = "" if file.ready_utc else prepared.waiting_in_words(file, at_utc=timezone.now())
    response = make_private(
        render(request, "copy/progress.html", {**context, "words": words, "seconds": REFRESH_SECONDS})
    )
    if not file.ready_utc and not context["mailed"]:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def download(request: HttpRequest, file: PreparedFile | None, *, here: str, back: str, base: str) -> HttpResponseBase:
    """The file, or its progress page while it isn't ready."""
    if file is None or not file.ready_utc:
        return progress(request, file, here=here, back=back, base=base)
    try:
        return make_private(download_of(prepared.content_of(file), name=file.name, content_type=file.content_type))
    except NoSuchFile:
        return progress(request, None, here=here, back=back, base=base)

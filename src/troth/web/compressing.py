"""Which pages are compressed: only those without a secret, because a compressed page's length reveals its content."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page

View = Callable[..., HttpResponseBase]


def compress(view: View) -> View:
    """Compressed for visitors alone: a signed-in page has a name, requests and a form's token."""
    compressed = gzip_page(view)

    @wraps(view)
    def perhaps(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return compressed(request, *args, **kwargs)
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
        return response

    return perhaps

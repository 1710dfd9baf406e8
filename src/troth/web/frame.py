"""Parts of each page's frame that look alike for everyone, made once for a version of the policy and a language.

    {% frame "web/parts/footer.html" %}

Such a part gets no request, so that nothing of anyone can be in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from troth.desk import index
from troth.desk.room import Words
from troth.policy.terms import Policy
from troth.web import reference


@dataclass(frozen=True)
class Frame:
    """All that a part is made from. `here`: the address of the main menu where the page is, or beneath which."""

    policy: Policy | None
    brand_colors: bool
    language: str
    today: date
    here: str


def show_part(request: HttpRequest | None, template: str) -> SafeString:
    """The part of this template, on the page that the request is for."""
    policy = reference.policy_if_known()
    return _render(
        template,
        Frame(
            policy,
            bool(reference.site().brand.colors),
            get_language() or reference.language(),
            timezone.localdate(),
            _find_here(request.path, policy) if request else "",
        ),
    )


@index.made_of_rooms
def list_pages(policy: Policy | None) -> Mapping[str, str]:
    """Addresses of the rooms' pages; what the policy does not state is off, so nothing links to it."""
    return {page.name: page.address for page in index.pages() if page.is_offered(policy)}


def is_here(path: str, address: str) -> bool:
    """Whether a page is the one at this address, or beneath it."""
    return path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))


@index.made_of_rooms
def _render(template: str, frame: Frame) -> SafeString:
    context = {
        "policy": frame.policy,
        "brand_colors": frame.brand_colors,
        "menu": list_menu(frame.policy),
        "here": frame.here,
        "footer": list(_list_footer(frame.policy)),
    }
    return render_to_string(template, context)


def _find_here(path: str, policy: Policy | None) -> str:
    return next((address for address, _title in list_menu(policy) if is_here(path, address)), "")


@index.made_of_rooms
def list_menu(policy: Policy | None) -> tuple[tuple[str, Words], ...]:
    """Addresses and titles of the main menu."""
    rooms = [(page.address, page.title) for page in index.pages() if page.main and page.is_offered(policy)]
    return (("/products/", _("Products")), *rooms, ("/policy", _("Policy")), ("/privacy-choices/", _("Your data")))


def _list_footer(policy: Policy | None) -> Iterator[tuple[str, Words]]:
    for page in index.pages():
        address = page.address if page.is_offered(policy) else page.otherwise
        if page.footer and address:
            yield address, page.title

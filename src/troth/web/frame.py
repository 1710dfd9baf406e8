"""Parts of each page's frame that look alike for everyone, made once for a version of the policy and a language.

    {% frame "web/parts/footer.html" %}
    {% frame "console/menu_wide.html" menu=entries %}

Such a part gets no request and no user, so that nothing of anyone can be in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.desk import index
from troth.policy.terms import Policy
from troth.site import site
from troth.web import reference
from troth.wording import Words

Menu = tuple[tuple[str, str, bool], ...]
"""Address and title of each entry, and whether it is needed less often than others."""


@dataclass(frozen=True)
class Frame:
    """All that a part is made from.

    here             the address of the menu where the page is, or beneath which; empty where it is elsewhere
    language, today  what its words and dates go by"""

    policy: Policy | None
    menu: Menu
    brand_colors: bool
    language: str
    today: date
    here: str


def show_part(template: str, *, path: str, menu: Menu | None = None) -> SafeString:
    """The part of this template, on the page with this path; `menu`: in place of the site's main menu."""
    policy = reference.policy_if_known()
    menu = list_menu(policy, get_language()) if menu is None else menu
    return _render(
        template,
        Frame(
            policy,
            menu,
            bool(site().brand.colors),
            get_language() or reference.language(),
            timezone.localdate(),
            max((address for address, _title, _more in menu if is_here(path, address)), key=len, default=""),
        ),
    )


@index.remember_for_rooms
def list_pages(policy: Policy | None) -> Mapping[str, str]:
    """Addresses of the rooms' pages; what the policy does not state is off, so nothing links to it."""
    return {page.name: page.address for page in index.pages() if page.is_offered(policy)}


def is_here(path: str, address: str) -> bool:
    """Whether a page is the one at this address, or beneath it."""
    return path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))


@index.remember_for_rooms
def _render(template: str, frame: Frame) -> SafeString:
    context = {
        "policy": frame.policy,
        "brand_colors": frame.brand_colors,
        "menu": frame.menu,
        "here": frame.here,
        "footer": list(_list_footer(frame.policy)),
    }
    return render_to_string(template, context)


@index.remember_for_rooms
def list_menu(policy: Policy | None, _language: str | None) -> Menu:
    """The main menu, in the language that is spoken now."""
    rooms = [(page.address, page.title) for page in index.pages() if page.main and page.is_offered(policy)]
    found = (("/products/", _("Products")), *rooms, ("/policy", _("Policy")), ("/privacy-choices/", _("Your data")))
    return tuple((address, str(title), False) for address, title in found)


def _list_footer(policy: Policy | None) -> Iterator[tuple[str, Words]]:
    for page in index.pages():
        address = page.address if page.is_offered(policy) else page.otherwise
        if page.footer and address:
            yield address, page.title

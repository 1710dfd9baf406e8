"""What of a product is installed, and how long it is maintained: kept as product@version, so that segments can compare.

The product is chosen in a field of its own, and the form joins the two.
"""

import re

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.types.base import Asked, KindType, Persona, Typed
from troth.collection.forms.types.figures import day_or_moment
from troth.policy.terms import Kind
from troth.site import site
from troth.text import CannotRead, day, line

_MOST = 40
_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}", re.ASCII)


def join(product: str, value: str) -> str:
    """Such as optipro-process@12.4.0; the value alone where no product was chosen."""
    return f"{product}@{value}" if product and value else value


def divide(value: str) -> tuple[str, str]:
    """Product and version of what is kept. Earlier versions of a policy kept the version alone."""
    product, _at, version = value.rpartition("@")
    return product, version


def _field(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST, help_text=_("Such as 12.4.0. You find it under Help, About."))


def _normalize(typed: Typed) -> str:
    text = line(typed.text, most=typed.most).removeprefix("v").removeprefix("V").strip()
    if not _VERSION.fullmatch(text):
        raise CannotRead(_("Enter the release as numbers with dots, such as 12.4.0."))
    return text


def _enter_release(value: str) -> str:
    return divide(value)[1]


def _date_field(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST, widget=forms.TextInput(attrs={"type": "date"}))


def _normalize_date(typed: Typed) -> str:
    return f"{day(typed.text):%Y.%m.%d}"


def _enter_date(value: str) -> str:
    return divide(value)[1].replace(".", "-")


def _release_in_words(kind: Kind, value: str) -> str:
    product, version = divide(value)
    return f"{site().name_product(product) or product} {version}".strip()


def _maintenance_in_words(kind: Kind, value: str) -> str:
    product, until = divide(value)
    named = site().name_product(product) or product
    return f"{named} {day_or_moment(until.replace('.', '-'))}".strip()


def _invent_release(kind: Kind, persona: Persona) -> str:
    product = site().products.get(persona.product)
    return join(persona.product, persona.choose([each.version for each in product.releases[:4]])) if product else ""


RELEASE = KindType(
    id="release",
    field=_field,
    most=_MOST,
    normalize=_normalize,
    words=_release_in_words,
    entered=_enter_release,
    invent=_invent_release,
)
MAINTENANCE = KindType(
    id="maintenance",
    field=_date_field,
    most=_MOST,
    normalize=_normalize_date,
    words=_maintenance_in_words,
    entered=_enter_date,
)
OF_A_PRODUCT = (RELEASE, MAINTENANCE)
"""They are kept with the product of the same form."""

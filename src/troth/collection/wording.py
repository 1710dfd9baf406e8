"""Values as people read them: the product's name instead of its key, the country's instead of its code."""

from troth.collection.forms.fields import country_name, state_name
from troth.collection.site import site
from troth.policy.terms import Kind


def in_words(kind: Kind, value: str) -> str:
    """The value in words; the value itself where it is words already, or where the catalog no longer has it."""
    match kind.type:
        case "product":
            product = site().products.get(value)
            return product.name if product else value
        case "edition":
            found = (product.edition(value) for product in site().products.values())
            return next((edition.name for edition in found if edition), value)
        case "country":
            return country_name(value)
        case "state":
            return state_name(value)
    return value

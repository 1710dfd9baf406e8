"""The types of kinds, each one value. A new type is one module here and its name in the policy's language."""

from collections.abc import Mapping

from troth.collection.forms.types import attachments, figures, lists, mail, places, telephone, texts
from troth.collection.forms.types.base import Asked, Choices, KindType, Typed

__all__ = ["TYPES", "Asked", "Choices", "KindType", "Typed"]

TYPES: Mapping[str, KindType] = {
    each.id: each
    for each in (
        texts.TEXT,
        texts.LONG_TEXT,
        texts.URL,
        mail.EMAIL,
        telephone.PHONE,
        figures.NUMBER,
        figures.DATE,
        lists.CHOICE,
        lists.YES_OR_NO,
        lists.PRODUCT,
        lists.EDITION,
        places.COUNTRY,
        places.STATE,
        places.ZIP,
        attachments.FILE,
    )
}

"""The list of an issue's blocks in the editor: what each is called, how a new one begins, and what its buttons do.

A button sends "up 2 1a2b3c4d": what to do, the block's place, and its mark, so that no other block is changed where the
text was edited since the page was loaded. Nothing is saved by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.composing.arranging import BlockGone, add_block, move_block, remove_block, split_blocks
from troth.outbox import pictures
from troth.site import site
from troth.text import code
from troth.uses.newsletter.mailings import Mailing
from troth.wording import Words

TITLES: Mapping[str, Words] = {
    "text": gettext_lazy("Text"),
    "heading": gettext_lazy("Heading"),
    "list": gettext_lazy("List"),
    "picture": gettext_lazy("Picture"),
    "divider": gettext_lazy("Divider"),
    "product": gettext_lazy("Product"),
    "event": gettext_lazy("Event"),
    "offer": gettext_lazy("Offer"),
    "snippet": gettext_lazy("Snippet"),
}
_UP, _DOWN, _REMOVE, ADD = "up", "down", "remove", "add"
_EVENT_IN = timedelta(days=14)


@dataclass(frozen=True)
class ListedBlock:
    """One block in the editor. `button`: what its buttons send after their verb."""

    title: Words
    begins: str
    button: str
    first: bool
    last: bool


def list_blocks(text: str) -> list[ListedBlock]:
    found = split_blocks(text)
    return [
        ListedBlock(
            TITLES.get(block.what, block.what),
            Truncator(" ".join(block.text.split())).chars(60),
            f"{place} {block.mark}",
            place == 0,
            place == len(found) - 1,
        )
        for place, block in enumerate(found)
    ]


def list_new(mailing: Mailing) -> Mapping[str, Words]:
    """What can be added: an offer only to marketing."""
    return {what: title for what, title in TITLES.items() if what != "offer" or not mailing.two_people}


def is_arranging(do: str) -> bool:
    return do.partition(" ")[0] in (_UP, _DOWN, _REMOVE, ADD)


def arrange(text: str, sent: QueryDict, mailing: Mailing, *, today: date) -> tuple[str, str]:
    """The text after the pressed button, and what the page says happened."""
    verb, _space, block = code(sent.get("do", "")).partition(" ")
    if verb == ADD:
        what = code(sent.get("block", ""))
        if what not in list_new(mailing):
            return text, _("Choose a block to add.")
        return add_block(text, _begin(what, today)), _("A block was added at the end. Nothing is saved yet.")
    place, _space, mark = block.partition(" ")
    try:
        number = int(place) if place.isdecimal() and len(place) < 6 else -1
        if verb == _REMOVE:
            return remove_block(text, number, mark), _("The block was removed. Nothing is saved yet.")
        return move_block(text, number, mark, by=-1 if verb == _UP else 1), _(
            "The block was moved. Nothing is saved yet."
        )
    except BlockGone:
        return text, _("You changed the text since its blocks were listed. Choose the block again.")


def _begin(what: str, today: date) -> str:
    """A new block, with words to be replaced."""
    day = (today + _EVENT_IN).isoformat()
    product = next(iter(site().products), "")
    return {
        "text": _("Write here."),
        "heading": "# " + _("Heading"),
        "list": "- " + _("First") + "\n- " + _("Second"),
        "picture": "![" + _("What the picture shows") + f"]({next(iter(pictures.list_names()), 'picture.png')})",
        "divider": "---",
        "product": f"::: product {product}",
        "event": f"::: event {day} " + _("Title") + "\n" + _("What happens, and where.") + "\n:::",
        "offer": "::: offer\n" + _("What you offer, and until when.") + "\n:::",
        "snippet": "::: snippet " + _("name"),
    }[what]

"""Pictures of emails: files of the site folder that go inside the email.

To show one, a mail program asks no server, so nobody learns who opened it.

    newsletters/pictures/recall.png         in the text: ![The recall screen](recall.png)

Source  RFC 2387 (multipart/related), RFC 2392 (cid:).
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

FOLDER = "newsletters/pictures"
MOST_BYTES = 200_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.(?:png|jpe?g|gif)")
_BEGINS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}
_SHOWN = re.compile(r'src="cid:([a-z0-9._-]+)@pictures"')


class PictureProblem(Exception):
    """Why a picture can't be used, as an author reads it."""


@dataclass(frozen=True)
class Picture:
    """One file. `kind`: png, jpeg or gif, by its content."""

    name: str
    kind: str
    content: bytes

    @property
    def id(self) -> str:
        return f"{self.name}@pictures"


def is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name))


def address_of(name: str) -> str:
    """Where the HTML of an email finds it."""
    return f"cid:{name}@pictures"


def list_names() -> list[str]:
    """The pictures that the site folder has, by name."""
    return sorted(file.name for file in (Path(settings.TROTH_SITE) / FOLDER).glob("*") if is_name(file.name))


def read_picture(name: str) -> Picture:
    """Raises  PictureProblem."""
    said = {"name": name, "folder": FOLDER}
    try:
        content = (Path(settings.TROTH_SITE) / FOLDER / name).read_bytes() if is_name(name) else b""
    except OSError:
        content = b""
    if not content:
        raise PictureProblem(_("There is no picture “%(name)s” in the site folder’s %(folder)s.") % said)
    if len(content) > MOST_BYTES:
        raise PictureProblem(_("The picture “%(name)s” is larger than 200 kB, too much for an email.") % said)
    kind = next((kind for begin, kind in _BEGINS.items() if content.startswith(begin)), "")
    if not kind:
        raise PictureProblem(_("“%(name)s” is neither a PNG nor a JPEG nor a GIF.") % said)
    return Picture(name, kind, content)


def are_in(html: str) -> bool:
    """Whether the HTML of an email shows any."""
    return _SHOWN.search(html) is not None


def read_shown(html: str) -> tuple[Picture, ...]:
    """The pictures that the HTML of an email shows, each once.   Raises  PictureProblem."""
    return tuple(read_picture(name) for name in dict.fromkeys(_SHOWN.findall(html)))


def attach(mail: EmailMessage, found: Sequence[Picture]) -> None:
    """Puts them beside the HTML of the email."""
    html = mail.get_body(("html",))
    assert html is not None, "an email with pictures has HTML"
    for picture in found:
        html.add_related(
            picture.content, "image", picture.kind, cid=f"<{picture.id}>", disposition="inline", filename=picture.name
        )


def lay_out(picture: Picture) -> bytes:
    """The part of an email that is written by bytes."""
    head = (
        f"Content-Type: image/{picture.kind}\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <{picture.id}>\r\n"
        f'Content-Disposition: inline; filename="{picture.name}"\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(picture.content).strip().replace(b"\n", b"\r\n")


def show_inside(name: str) -> str:
    """Its address on a page, which has it inside; where it is gone, the page shows its description."""
    try:
        picture = read_picture(name)
    except PictureProblem:
        return address_of(name)
    return f"data:image/{picture.kind};base64,{base64.b64encode(picture.content).decode()}"


def show_all_inside(html: str) -> str:
    """The HTML of an email as a page, with its pictures inside."""
    return _SHOWN.sub(lambda found: f'src="{show_inside(found[1])}"', html)

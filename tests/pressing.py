"""The forms and buttons of a page, and what each sends: for tests that press everything there is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from tests.visits import BROWSER

Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Press:
    """One button: where it goes, and what its form sends with it."""

    method: str
    address: str
    fields: Fields

    def by(self, client: Client) -> Any:
        send = client.post if self.method == "post" else client.get
        return send(self.address.partition("#")[0], self.fields, **BROWSER)


@dataclass
class _Form:
    attributes: dict[str, str]
    fields: Fields = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        match tag:
            case "form":
                self.forms.append(_Form(found))
                self.inside = True
            case "input" | "textarea" if self.inside and found.get("name"):
                off = found.get("type") in ("checkbox", "radio") and "checked" not in found
                if not off or "required" in found:
                    self.forms[-1].fields.setdefault(found["name"], []).append(found.get("value", "on"))
            case "option" if self.inside and "selected" in found:
                pass  # a filter shows everything by itself
            case "button":
                self._button(found)

    def _button(self, found: dict[str, str]) -> None:
        named = [form for form in self.forms if found.get("form") and form.attributes.get("id") == found["form"]]
        if named or self.inside:
            (named or self.forms)[-1].buttons.append(found)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def buttons(answer: Any) -> Iterator[Press]:
    """Every button of a page, in its order; none of a file."""
    if not answer["Content-Type"].startswith("text/html"):
        return
    reader = _Reader()
    reader.feed(answer.content.decode())
    for form in reader.forms:
        for button in form.buttons:
            address = button.get("formaction") or form.attributes.get("action") or answer.request["PATH_INFO"]
            own = {button["name"]: [button.get("value", "")]} if button.get("name") else {}
            yield Press(form.attributes.get("method", "get"), address, form.fields | own)

"""Addresses of a header, read from left to right once: no grammar that can be made to go back."""

from dataclasses import dataclass

from troth.collection.mailbox.parser.caps import MOST_ADDRESSES, MOST_HEADER_CHARS, MOST_NAME_CHARS
from troth.collection.mailbox.parser.decoding import unfold

_LONGEST = 320


@dataclass
class _Reading:
    """One address as it is read: `name` outside of angle brackets, `inner` within."""

    name: str = ""
    inner: str | None = None

    def give(self) -> tuple[str, str] | None:
        address = (self.name if self.inner is None else self.inner).strip().strip('"').rpartition(":")[2]
        name = "" if self.inner is None else unfold(self.name).strip().strip("\"'").strip()
        local, at, domain = address.strip().rpartition("@")
        fine = at and local and domain and len(address) <= _LONGEST and not set(address) & set(" \t\r\n<>,;")
        return (name[:MOST_NAME_CHARS], f"{unfold(local)}@{unfold(domain).lower()}") if fine else None


def list_addresses(raw: str) -> list[tuple[str, str]]:
    """(name, address) of each; what is no address is left out. Groups give their members."""
    found: list[tuple[str, str]] = []
    for one in _split(raw[:MOST_HEADER_CHARS]):
        if (read := one.give()) and read not in found:
            found.append(read)
        if len(found) == MOST_ADDRESSES:
            break
    return found


def _split(raw: str) -> list[_Reading]:
    reading, found = _Reading(), []
    quoted, escaped, comment, inside = False, False, 0, False
    for char in raw:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
            continue
        elif char == '"' and not comment:
            quoted = not quoted
            continue
        elif quoted:
            pass
        elif char == "(":
            comment += 1
            continue
        elif char == ")" and comment:
            comment -= 1
            continue
        elif comment:
            continue
        elif char == "<":
            inside, reading.inner = True, ""
            continue
        elif char == ">" and inside:
            inside = False
            continue
        elif char in ",;" and not inside:
            found.append(reading)
            reading = _Reading()
            continue
        if comment:
            continue
        if inside and reading.inner is not None:
            reading.inner += char
        elif reading.inner is None:
            reading.name += char
    return [*found, reading]

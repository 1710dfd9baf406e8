"""What the child is asked, as bytes; both ends write and read it here.

READ    followed by a mail: what is in it
SHOW    followed by a mail: that, and its page as it was laid out, made harmless
VERIFY  followed by a mail with the keys that its signatures name: whose signatures are right
"""

import struct

READ, SHOW, VERIFY = b"r", b"s", b"v"


def pack(raw: bytes, keys: dict[str, str]) -> bytes:
    """A mail with keys: name in the DNS → TXT record."""
    told = "\n".join(f"{name} {record}" for name, record in keys.items() if "\n" not in record).encode()
    return struct.pack("!I", len(told)) + told + raw


def unpack(packed: bytes) -> tuple[bytes, dict[str, str]]:
    """The mail and its keys."""
    (length,) = struct.unpack_from("!I", packed)
    lines = packed[4 : 4 + length].decode().splitlines()
    return packed[4 + length :], {name: record for name, _, record in (line.partition(" ") for line in lines)}

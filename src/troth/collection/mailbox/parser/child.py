"""The process that reads foreign mail: bytes come in, plain data goes out, until its input ends.

in    one letter, the length of what follows (8 bytes), that many bytes
out   length of the data and of the contents (8 bytes each), the data as JSON, the contents
"""

import json
import struct
import sys
from typing import Any, BinaryIO

from troth.collection.mailbox.parser import confinement, decoding, message, signing

READ, VERIFY = b"r", b"v"


def main() -> None:
    decoding.load()
    _warm_up()
    filtered = confinement.confine()
    given, out = sys.stdin.buffer, sys.stdout.buffer
    _answer(out, {"filtered": filtered}, b"")
    while asked := given.read(1):
        length = struct.unpack("!Q", given.read(8))[0]
        raw = given.read(length)
        confinement.renew_time()
        _answer(out, *_do(asked, raw))


def _do(asked: bytes, raw: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return signing.verify(raw) if asked == VERIFY else message.read(raw)
    except MemoryError:
        return {"error": "memory"}, b""
    except Exception as error:  # whatever it is, the mail is kept and somebody sees that it could not be read
        return {"error": type(error).__name__}, b""


def _answer(out: BinaryIO, said: dict[str, Any], contents: bytes) -> None:
    data = json.dumps(said).encode()
    out.write(struct.pack("!QQ", len(data), len(contents)))
    out.write(data)
    out.write(contents)
    out.flush()


def _warm_up() -> None:
    """What the libraries load at their first use is loaded now."""
    mail = (
        b"From: a@b.example\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nContent-Type: text/html; charset=utf-8\n\n<p>x</p>"
    )
    message.read(mail)
    signing.verify(signing.pack(mail, {}))


if __name__ == "__main__":
    main()

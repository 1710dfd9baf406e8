"""The process that reads foreign mail: bytes come in, plain data goes out, until its input ends.

in    one letter, the length of what follows (8 bytes), that many bytes
out   length of the data and of the contents (8 bytes each), the data as JSON, the contents
"""

import json
import struct
import sys
from typing import Any, BinaryIO

from troth.collection.mailbox.parser import asked, confinement, decoding, message, signing


def main() -> None:
    decoding.load()
    _warm_up()
    filtered = confinement.confine()
    given, out = sys.stdin.buffer, sys.stdout.buffer
    _answer(out, {"filtered": filtered}, b"")
    while what := given.read(1):
        length = struct.unpack("!Q", given.read(8))[0]
        raw = given.read(length)
        confinement.renew_time()
        _answer(out, *_do(what, raw))


def _do(what: bytes, raw: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        if what == asked.VERIFY:
            return {"signed_by": signing.verify(raw)}, b""
        found, contents = message.read(raw, with_page=what == asked.SHOW)
        return {"mail": found}, contents
    except MemoryError:
        return {"error": "memory"}, b""
    except Exception as error:  # whatever it is, the mail is kept and someone sees that it could not be read
        return {"error": type(error).__name__[:60]}, b""


def _answer(out: BinaryIO, said: dict[str, Any], contents: bytes) -> None:
    data = json.dumps(said).encode()
    out.write(struct.pack("!QQ", len(data), len(contents)))
    out.write(data)
    out.write(contents)
    out.flush()


def _warm_up() -> None:
    """What the libraries load at their first use is loaded now: later nothing can be opened any more."""
    for mail in (_PAGE, _MAIL_WITHIN):
        message.read(mail, with_page=True)
        signing.verify(asked.pack(mail, {}))


_PAGE = b"From: a@b.example\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nContent-Type: text/html\n\n<p>x</p>"
_MAIL_WITHIN = (
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: \xff\n\nx\n--b\n"
    b"Content-Disposition: attachment; filename*=utf-8''%C3%BC\nContent-Transfer-Encoding: base64\n\neA==\n--b--\n"
)


if __name__ == "__main__":
    main()

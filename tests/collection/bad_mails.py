"""Mail as nobody should write it: by hand, each with the fault that its name says, and generated without end."""

import base64
import random
from collections.abc import Iterator

_PLAIN = b"From: a@home.example\nTo: b@acme.example\nSubject: x\n"
_MIXED = _PLAIN + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"


def _part(headers: bytes, body: bytes) -> bytes:
    return _MIXED + b"--b\n" + headers + b"\n\n" + body + b"\n--b--\n"


def _header(line: bytes) -> bytes:
    return b"From: a@home.example\n" + line + b"\n\nbody"


BY_HAND: dict[str, bytes] = {
    "nothing at all": b"",
    "one byte": b"\xff",
    "only zeros": b"\0" * 5_000,
    "only line breaks": b"\r\n" * 50_000,
    "only returns": b"\r" * 50_000,
    "no headers": b"\nwords",
    "no body": _PLAIN,
    "no blank line": _PLAIN + b"words without a blank line",
    "a header without a name": b": nobody\n\nbody",
    "a header with a space in its name": b"Fr om: a@b.example\n\nbody",
    "a name of 100,000 letters": b"X" * 100_000 + b": x\n\nbody",
    "30,000 headers": b"X: x\n" * 30_000 + b"\nbody",
    "a header that never ends": b"Subject: " + b"x" * 2_000_000 + b"\n\nbody",
    "a header folded 50,000 times": b"Subject: x" + b"\n x" * 50_000 + b"\n\nbody",
    "a header of spaces": b"Subject:" + b" " * 500_000 + b"\n\nbody",
    "raw bytes in the subject": _header(b"Subject: \xc3\x28\xa0\xa1"),
    "raw bytes in from": b"From: \xff\xfe <a@b.example>\n\nbody",
    "two senders": b"From: a@b.example\nFrom: c@d.example\n\nbody",
    "a sender without a domain": b"From: root\n\nbody",
    "a sender of brackets": b"From: " + b"<" * 10_000 + b"\n\nbody",
    "a sender in nested comments": b"From: " + b"(" * 50_000 + b"\n\nbody",
    "a sender with an open quotation": b'From: "never closed <a@b.example>\n\nbody',
    "a sender who is a group": b"From: undisclosed-recipients:;\n\nbody",
    "50,000 recipients": b"To: " + b"a@b.example," * 50_000 + b"\n\nbody",
    "an address with line breaks": b"From: =?utf-8?q?a=0Ab?= <a@b.example>\n\nbody",
    "an encoded word without an end": _header(b"Subject: =?utf-8?q?never"),
    "20,000 encoded words": _header(b"Subject: " + b"=?utf-8?q?a?= " * 20_000),
    "an encoded word in no charset": _header(b"Subject: =?klingon?b?eHl6?="),
    "an encoded word that is not base64": _header(b"Subject: =?utf-8?b?!!!!?="),
    "an encoded word in a codec that compresses": _header(b"Subject: =?zlib?b?eJxLSQUAAfoA/w==?="),
    "words turned around": _header("Subject: invoice\u202efdp.exe".encode()),
    "a lone surrogate": _header(b"Subject: =?utf-16?b?2AA=?="),
    "a date of the year 99999": _header(b"Date: Mon, 01 Jan 99999 00:00:00 +0000"),
    "a date with a zone of 99 hours": _header(b"Date: Mon, 01 Jan 2024 00:00:00 +9999"),
    "a date of words": _header(b"Date: " + b"tomorrow " * 1_000),
    "references of a megabyte": _header(b"References: " + b"<a@b> " * 200_000),
    "a message-id of spaces": _header(b"Message-ID: <  >"),
    "a boundary that is not there": _PLAIN + b"Content-Type: multipart/mixed; boundary=gone\n\nbody",
    "a boundary without a name": _PLAIN + b"Content-Type: multipart/mixed\n\n--b\n\nbody",
    "an empty boundary": _PLAIN + b'Content-Type: multipart/mixed; boundary=""\n\n--\n\nbody\n----\n',
    "a boundary of 10,000 letters": _PLAIN + b"Content-Type: multipart/mixed; boundary=" + b"b" * 10_000 + b"\n\nbody",
    "a boundary that is never closed": _MIXED + b"--b\n\nbody",
    "10,000 empty parts": _MIXED + b"--b\n\n" * 10_000 + b"--b--\n",
    "parts nested 1,100 deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(1_100)
    ),
    "mails nested 2,000 deep": b"Content-Type: message/rfc822\n\n" * 2_000,
    "a part within itself": _PLAIN
    + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 200,
    "a type without a kind": _PLAIN + b"Content-Type: /\n\nbody",
    "a type of bytes": _PLAIN + b"Content-Type: \xff\xff/\xfe\n\nbody",
    "5,000 parameters": _PLAIN
    + b"Content-Type: text/plain"
    + b"".join(b"; p%d=x" % at for at in range(5_000))
    + b"\n\nx",
    "a name in 5,000 continuations": _part(
        b"Content-Type: a/b; " + b"; ".join(b"name*%d*=x" % at for at in range(5_000)), b"x"
    ),
    "a name that continues nothing": _part(b"Content-Disposition: attachment; filename*99*=x", b"x"),
    "a name in no charset": _part(b"Content-Disposition: attachment; filename*=klingon'x'%FF", b"x"),
    "a name that is a path": _part(b"Content-Disposition: attachment; filename=../../etc/passwd", b"x"),
    "a name of Windows": _part(b'Content-Disposition: attachment; filename="C:\\\\x\\\\y.exe"', b"x"),
    "a name of zeros": _part(b"Content-Disposition: attachment; filename=a\0b", b"x"),
    "text in a codec that takes forever": _PLAIN + b"Content-Type: text/plain; charset=idna\n\n" + b"x" * 200_000,
    "text in no charset": _PLAIN + b"Content-Type: text/plain; charset=klingon\n\n\xff\xfe",
    "text in a charset of zeros": _PLAIN + b"Content-Type: text/plain; charset=\0\n\nx",
    "text that is half UTF-16": _PLAIN + b"Content-Type: text/plain; charset=utf-16\n\nabc",
    "text that is not base64": _PLAIN + b"Content-Transfer-Encoding: base64\n\n" + b"!?" * 10_000,
    "base64 of one letter": _PLAIN + b"Content-Transfer-Encoding: base64\n\nQ",
    "base64 of three megabytes": _PLAIN + b"Content-Transfer-Encoding: base64\n\n" + b"QUFB" * 1_000_000,
    "quoted-printable without digits": _PLAIN + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 100_000,
    "uuencoded nonsense": _PLAIN + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n\xff\xff\nend",
    "an encoding of nobody": _PLAIN + b"Content-Transfer-Encoding: enigma\n\nbody",
    "HTML nested 100,000 deep": _PLAIN + b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
    "HTML that never closes a tag": _PLAIN + b"Content-Type: text/html\n\n" + b"<a " * 100_000,
    "HTML of one attribute": _PLAIN + b'Content-Type: text/html\n\n<p x="' + b"y" * 900_000,
    "HTML of comments": _PLAIN + b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
    "HTML of entities": _PLAIN + b"Content-Type: text/html\n\n" + b"&lt;" * 100_000 + b"&#99999999999;",
    "HTML of tables in tables": _PLAIN + b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 3_000,
    "HTML of two megabytes": _PLAIN + b"Content-Type: text/html\n\n" + b"<p>words</p>" * 160_000,
    "HTML with a script": _PLAIN + b"Content-Type: text/html\n\n<script>steal()</script><img src=x onerror=steal()>",
    "a winmail.dat of nonsense": _part(b"Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22" * 9),
    "a winmail.dat that says it is huge": _part(
        b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64",
        base64.b64encode(b"\x78\x9f\x3e\x22\x01\x00\x02\x0f\x80\x06\x00\xff\xff\xff\x7f" + b"x" * 50),
    ),
    "a report without fields": _PLAIN
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    + b"--b\nContent-Type: message/delivery-status\n\n\n\n\n--b--\n",
    "a report of nonsense": _PLAIN
    + b"Content-Type: multipart/report; boundary=b\n\n"
    + b"--b\nContent-Type: message/delivery-status\n\n"
    + b"\xff:\n" * 5_000
    + b"\n--b--\n",
    "a complaint without a mail": _PLAIN
    + b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
    + b"--b\nContent-Type: message/feedback-report\n\nx\n--b--\n",
    "results that nobody could parse": _header(b"Authentication-Results: " + b"((((" * 5_000 + b"; dmarc=pass"),
    "a signature of nonsense": _header(b"DKIM-Signature: v=1; d=\xff; s=; bh=" + b"x" * 50_000),
}

_PIECES = (
    *(
        b"From: ",
        b"To: ",
        b"Subject: ",
        b"Content-Type: ",
        b"Content-Transfer-Encoding: base64\n",
        b"\n\n",
        b"\r\n",
        b"\n",
    ),
    *(b"multipart/mixed; boundary=b", b"--b\n", b"--b--", b"message/rfc822", b"text/html; charset=", b"<div>", b"</p>"),
    *(
        b"=?utf-8?q?",
        b"=?iso-2022-jp?b?",
        b"?=",
        b"=",
        b"<",
        b">",
        b'"',
        b"(",
        b")",
        b";",
        b"\0",
        b"\xff",
        b"\xc3",
        b"%FF",
    ),
    *(
        b"message/delivery-status",
        b"Status: 5.1.1\n",
        b"application/ms-tnef",
        b"charset=utf-7",
        b"\x78\x9f\x3e\x22",
        b"> ",
    ),
    *(b"filename*0*=utf-8''", b"multipart/report; report-type=feedback-report; boundary=b", b"Date: ", b"References: "),
)


def generate(count: int, *, seed: int) -> Iterator[bytes]:
    """Mails put together from what mails are made of, and good ones with bytes changed, cut and doubled."""
    choose = random.Random(seed)
    sound = list(BY_HAND.values())
    short = [each for each in sound if len(each) < 5_000]
    for at in range(count):
        if at % 2:
            made = bytearray(choose.choice(short))
            for _ in range(choose.randrange(1, 9)):
                place = choose.randrange(len(made) + 1)
                made[place : place + choose.randrange(4)] = choose.choice(_PIECES) * choose.randrange(1, 4)
            yield bytes(made)
        else:
            yield b"".join(choose.choice(_PIECES) for _ in range(choose.randrange(5, 200)))

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

_TEXT = _PLAIN + b"Content-Type: text/plain\n\n"
_PAGE = _PLAIN + b"Content-Type: text/html\n\n"
_DSN = _PLAIN + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNo.\n--b\n"

BY_HAND |= {
    "a byte order mark first": b"\xef\xbb\xbf" + _TEXT + b"x",
    "UTF-16 throughout": ("\ufeffFrom: a@b.example\n\nx").encode("utf-16"),
    "EBCDIC": "From: a@b.example\n\nx".encode("cp500"),
    "an mbox": b"From a@b.example Mon Jan  1 00:00:00 2024\n" + _TEXT + b"x",
    "two mboxes": (b"From a@b.example Mon Jan  1 00:00:00 2024\n" + _TEXT + b"x\n\n") * 2,
    "a mail of Apple with its length first": b"1234\n" + _TEXT + b"x",
    "a zip": b"PK\x03\x04" + b"\0" * 200,
    "a PDF": b"%PDF-1.7\n" + b"\xff" * 500,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 300,
    "a web page": b"<!doctype html><html><head></head></html>",
    "an answer of a web server": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>",
    "an SMTP session": b"EHLO x\r\nMAIL FROM:<a@b>\r\nDATA\r\n.\r\nQUIT\r\n",
    "JSON": b'{"from": "a@b.example", "text": "x"}',
    "a header of colons": b":" * 10_000 + b"\n\nx",
    "headers of colons": b":\n" * 10_000 + b"\nx",
    "a header that starts folded": b" folded\nFrom: a@b.example\n\nx",
    "headers with tabs for colons": b"From\ta@b.example\nTo\tc@d.example\n\nx",
    "headers in the body": _TEXT + b"From: c@d.example\nTo: x\n" * 1_000,
    "returns alone end lines": (_TEXT + b"x").replace(b"\n", b"\r"),
    "returns and line breaks mixed": (_TEXT + b"x\n\ny").replace(b"\n", b"\r\n", 2),
    "returns twice": (_TEXT + b"x").replace(b"\n", b"\r\r\n"),
    "line separators of Unicode": _TEXT + "a\u2028b\u2029c\u0085d".encode(),
    "a line of three megabytes": _TEXT + b"x" * 3_000_000,
    "200,000 lines": _TEXT + b"x\n" * 200_000,
    "200,000 quoted lines": _TEXT + b"> x\n" * 200_000,
    "a line quoted 50,000 times": _TEXT + b">" * 50_000 + b" x",
    "a history of histories": _TEXT + b"On Monday, A wrote:\n> x\n" * 5_000,
    "Wrote without an end": _TEXT + b"On " + b"Monday, " * 20_000 + b"wrote",
    "From: in every line": _TEXT + b"From: a@b.example\n" * 20_000,
    "rules in every line": _TEXT + b"-----Original Message-----\n" * 20_000,
    "underlines": _TEXT + b"_" * 100_000,
    "a bell in the text": _TEXT + b"\x07\x1b[31mred\x1b[0m",
    "marks that turn words": _TEXT + "\u202e\u2066\u2069".encode() * 5_000,
    "marks on one letter": _TEXT + "e\u0301".encode() + "\u0301".encode() * 50_000,
    "joined faces": _TEXT + "\U0001f468\u200d".encode() * 20_000,
    "private letters": _TEXT + "\ue000\uf8ff\U0010ffff".encode() * 1_000,
    "no letters": _TEXT + "\ufffe\uffff".encode("utf-8", "surrogatepass"),
    "surrogates as UTF-8": _TEXT + b"\xed\xa0\x80\xed\xb0\x80",
    "UTF-8 too long for its letter": _TEXT + b"\xc0\xaf\xe0\x80\xaf",
    "UTF-8 that is cut": _TEXT + "ü".encode()[:1],
    "a sender with a name of quotations": b"From: " + b'"' * 20_001 + b" <a@b.example>\n\nx",
    "a sender with backslashes": b"From: " + b"\\" * 20_001 + b" <a@b.example>\n\nx",
    "a sender with a route": b"From: <@x.example,@y.example:a@b.example>\n\nx",
    "a sender of 64 KB": b"From: " + b"a" * 65_536 + b"@b.example\n\nx",
    "a sender with two @": b"From: a@b@c.example\n\nx",
    "a sender with a number for a domain": b"From: a@[192.0.2.1]\n\nx",
    "a sender in Chinese": "From: 用户@例子.example\n\nx".encode(),
    "a sender in punycode that is none": b"From: a@xn--\xff.example\n\nx",
    "a sender with a null": b"From: a\0@b.example\n\nx",
    "a sender with markup": b"From: <script>x</script> <a@b.example>\n\nx",
    "a sender with a template": b"From: {{ 7*7 }}{% x %} <a@b.example>\n\nx",
    "a sender of SQL": b"From: '; drop table person; -- <a@b.example>\n\nx",
    "no sender": b"To: a@b.example\n\nx",
    "an empty sender": b"From:\nTo: a@b.example\n\nx",
    "an empty sender in brackets": b"From: <>\n\nx",
    "a hundred senders": b"From: a@b.example\n" * 100 + b"\nx",
    "a group in a group": b"To: a: b: c@d.example;;\n\nx",
    "10,000 groups": b"To: " + b"a:b@c.example;" * 10_000 + b"\n\nx",
    "addresses without commas": b"To: " + b"a@b.example " * 5_000 + b"\n\nx",
    "a Reply-To that is a page": b"From: a@b.example\nReply-To: https://x.example\n\nx",
    "a Return-Path of brackets": b"Return-Path: <<<>>>\nFrom: a@b.example\n\nx",
    "1,000 Delivered-To": b"Delivered-To: a@b.example\n" * 1_000 + b"\nx",
    "1,000 Received": b"Received: from x by y\n" * 1_000 + _TEXT + b"x",
    "a Message-ID of a megabyte": _header(b"Message-ID: <" + b"x" * 1_000_000 + b"@y>"),
    "two Message-IDs": _header(b"Message-ID: <a@b>\nMessage-ID: <c@d>"),
    "a Message-ID within a Message-ID": _header(b"Message-ID: <<a@b>@c>"),
    "a Message-ID of markup": _header(b'Message-ID: <"><script>@y>'),
    "references to itself": _header(b"Message-ID: <a@b>\nReferences: <a@b>\nIn-Reply-To: <a@b>"),
    "references without brackets": _header(b"References: a@b c@d"),
    "a date before Christ": _header(b"Date: Mon, 01 Jan -001 00:00:00 +0000"),
    "a date of the 40th": _header(b"Date: Mon, 40 Foo 2024 99:99:99 +0000"),
    "a date without a year": _header(b"Date: Mon, 01 Jan 00:00"),
    "a date of digits": _header(b"Date: " + b"9" * 10_000),
    "an empty date": _header(b"Date:"),
    "a subject of a null": _header(b"Subject: a\0b"),
    "a subject of a line break": _header(b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.example?="),
    "an encoded word in an encoded word": _header(b"Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?="),
    "an encoded word of nothing": _header(b"Subject: =?utf-8?q??= =?utf-8?b??="),
    "an encoded word without a charset": _header(b"Subject: =??q?x?="),
    "an encoded word with a language": _header(b"Subject: =?utf-8*de?q?x?="),
    "an encoded word in no way": _header(b"Subject: =?utf-8?x?abc?="),
    "an encoded word across a letter": _header(b"Subject: =?utf-8?b?w7w=?= =?utf-8?b?ww==?= =?utf-8?b?vA==?="),
    "an encoded word of 100 KB": _header(b"Subject: =?utf-8?q?" + b"=41" * 33_000 + b"?="),
    "question marks": _header(b"Subject: " + b"=?" * 50_000),
    "an encoded word in hz": _header(b"Subject: =?hz-gb-2312?b?fn5+?="),
    "a type that says nothing": _PLAIN + b"Content-Type:\n\nx",
    "a type twice": _PLAIN + b"Content-Type: text/plain\nContent-Type: text/html\n\n<p>x",
    "a type of 100 KB": _PLAIN + b"Content-Type: " + b"x" * 100_000 + b"/y\n\nx",
    "a type with semicolons": _PLAIN + b"Content-Type: text/plain" + b";" * 50_000 + b"\n\nx",
    "a charset twice": _PLAIN + b"Content-Type: text/plain; charset=utf-8; charset=utf-16\n\nx",
    "a charset that is a path": _PLAIN + b"Content-Type: text/plain; charset=../../etc/passwd\n\nx",
    "a charset that is a module": _PLAIN + b"Content-Type: text/plain; charset=os\n\nx",
    "a charset in an encoded word": _PLAIN + b"Content-Type: text/plain; charset==?utf-8?q?utf-8?=\n\nx",
    "UTF-7 with markup": _PLAIN + b"Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-x+ADw-/script+AD4-",
    "UTF-7 without an end": _PLAIN + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+" * 50_000,
    "UTF-32 that is cut": _PLAIN + b"Content-Type: text/plain; charset=utf-32\n\nabc",
    "ISO-2022-JP without an end": _PLAIN + b"Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B" + b"!" * 9_999,
    "ISO-2022-KR that shifts": _PLAIN + b"Content-Type: text/plain; charset=iso-2022-kr\n\n" + b"\x0e\x0f" * 9_999,
    "an encoding twice": _PLAIN + b"Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 8bit\n\neA==",
    "base64 with a comment": _PLAIN + b"Content-Transfer-Encoding: base64 (really)\n\neA==",
    "base64 without line breaks": _PLAIN + b"Content-Transfer-Encoding: base64\n\n" + b"QUFB" * 200_000,
    "base64 with text after it": _PLAIN + b"Content-Transfer-Encoding: base64\n\neA==\n\n-- \nan advertisement",
    "base64 of base64": _PLAIN + b"Content-Transfer-Encoding: base64\n\nZUE9PQ==",
    "base64 of equals signs": _PLAIN + b"Content-Transfer-Encoding: base64\n\n" + b"=" * 50_000,
    "quoted-printable of a line of soft breaks": _PLAIN
    + b"Content-Transfer-Encoding: quoted-printable\n\n"
    + b"=\n" * 99_999,
    "quoted-printable in small letters": _PLAIN + b"Content-Transfer-Encoding: quoted-printable\n\n=c3=bc=zz=f",
    "uuencoded without an end": _PLAIN + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n" + b"M" * 9_999,
    "yEnc": _TEXT + b"=ybegin line=128 size=3 name=x\n\xff\xfe\xfd\n=yend size=3\n",
    "PGP within the text": _TEXT + b"-----BEGIN PGP MESSAGE-----\n\nxxxx\n-----END PGP MESSAGE-----\n",
    "S/MIME that is none": _PLAIN + b"Content-Type: application/pkcs7-mime\n\n\x30\x82\xff\xff",
    "a boundary with a line break": _PLAIN + b'Content-Type: multipart/mixed; boundary="b\n c"\n\n--b\n\nx',
    "a boundary of spaces": _PLAIN + b'Content-Type: multipart/mixed; boundary="   "\n\n--   \n\nx\n--   --',
    "a boundary that is a prefix of another": _PLAIN
    + b"Content-Type: multipart/mixed; boundary=b\n\n--bb\n\nx\n--b\n\ny\n--b--",
    "a boundary of signs": _PLAIN + b'Content-Type: multipart/mixed; boundary="(.*)+$"\n\n--(.*)+$\n\nx',
    "an end before the beginning": _MIXED + b"--b--\n--b\n\nx",
    "a preamble of a megabyte": _MIXED + b"x" * 1_000_000 + b"\n--b\n\nx\n--b--",
    "an epilogue of a megabyte": _MIXED + b"--b\n\nx\n--b--\n" + b"x" * 1_000_000,
    "3,000 attachments": _MIXED + b"--b\nContent-Disposition: attachment; filename=x\n\nx\n" * 3_000 + b"--b--",
    "an alternative of nothing": _PLAIN + b"Content-Type: multipart/alternative; boundary=b\n\n--b--",
    "an alternative of itself": _PLAIN
    + b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b\n\n",
    "a digest of digests": _PLAIN + b"Content-Type: multipart/digest; boundary=b\n\n" + b"--b\n\n\n" * 500,
    "a partial mail": _PLAIN + b"Content-Type: message/partial; number=1; total=99999; id=x\n\nx",
    "a body elsewhere": _PLAIN + b"Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\n\nx",
    "a mail without an inside": _part(b"Content-Type: message/rfc822", b""),
    "a mail in base64": _part(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", b"RnJvbTogeA=="),
    "a name in an encoded word": _part(b'Content-Disposition: attachment; filename="=?utf-8?b?Li4vLi4veA==?="', b"x"),
    "a name of dots": _part(b"Content-Disposition: attachment; filename=....", b"x"),
    "a name of 10,000 letters": _part(b"Content-Disposition: attachment; filename=" + b"x" * 10_000, b"x"),
    "a name that turns around": _part("Content-Disposition: attachment; filename=a\u202efdp.exe".encode(), b"x"),
    "a name of a device": _part(b"Content-Disposition: attachment; filename=CON", b"x"),
    "a name with markup": _part(b'Content-Disposition: attachment; filename="<img src=x>.txt"', b"x"),
    "a name that is missing": _part(b"Content-Disposition: attachment; filename*0*=; filename*1=", b"x"),
    "a zip that unpacks to much": _part(
        b"Content-Type: application/zip; name=x.zip\nContent-Transfer-Encoding: base64",
        base64.b64encode(b"PK\x03\x04" * 999),
    ),
    "styles without an end": _PAGE + b"<style>" + b"a{}" * 50_000,
    "a script without an end": _PAGE + b"<script>" + b"<" * 100_000,
    "a tag of a tag": _PAGE + b"<scr<script>ipt>x()</scr</script>ipt>",
    "a script in a link": _PAGE + b"<a href='java&#10;script:x()'>x</a>",
    "a script in a picture": _PAGE + b"<img src='data:image/svg+xml,<svg onload=x()>'>",
    "a page that reloads": _PAGE + b"<meta http-equiv=refresh content='0;url=https://x.example'>",
    "a page with a base": _PAGE + b"<base href=https://x.example/><a href=y>y</a>",
    "SVG within MathML": _PAGE
    + b"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=x()&gt;'>",
    "a form of fields": _PAGE + b"<form>" + b"<input>" * 20_000,
    "a noscript": _PAGE + b"<noscript><p title='</noscript><img src=x onerror=x()>'>",
    "frames in frames": _PAGE + b"<iframe srcdoc='<iframe>'>" * 2_000,
    "CDATA": _PAGE + b"<![CDATA[" * 10_000,
    "processing instructions": _PAGE + b"<?php x(); ?>" * 10_000,
    "5,000 attributes": _PAGE + b"<p " + b"a=b " * 5_000 + b">x",
    "entities that name entities": _PAGE + b"<!DOCTYPE x [<!ENTITY a '&b;&b;'><!ENTITY b '&a;&a;'>]><p>&a;",
    "a colon in every tag": _PAGE + b"<o:p></o:p>" * 20_000,
    "conditional comments": _PAGE + b"<!--[if mso]><p>x<![endif]-->" * 5_000,
    "a report of 5,000 addresses": _DSN
    + b"Content-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 5_000
    + b"--b--",
    "a report in base64": _DSN
    + b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\nQUJD\n--b--",
    "a report without a recipient": _DSN + b"Content-Type: message/delivery-status\n\nStatus: 5.1.1\n\n--b--",
    "a report with a status of words": _DSN
    + b"Content-Type: message/delivery-status\n\nStatus: five.one\nAction: x\n\n--b--",
    "a report of a report": _DSN + b"Content-Type: message/rfc822\n\n" + _DSN + b"--b--",
    "a bounce of nonsense": b"Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: failure notice\n\n" + b"<@>" * 20_000,
    "a bounce of statuses": b"Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: failure\n\n" + b"5.1.1 " * 20_000,
    "a complaint of nulls": _PLAIN
    + b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
    + b"Content-Type: message/feedback-report\n\nFeedback-Type: \0\0\n\n--b--",
    "1,000 signatures": b"DKIM-Signature: v=1; d=x.example; s=y; b=z\n" * 1_000 + _TEXT + b"x",
    "a signature with a length of a million": _header(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=y; l=1000000; b=z"
    ),
    "1,000 results": b"Authentication-Results: x.example; spf=pass\n" * 1_000 + _TEXT + b"x",
    "results of a null": _header(b"Authentication-Results: \0; dmarc=pass header.from=\0"),
    "spam that says yes and no": _header(b"X-Spam-Flag: YES\nX-Spam-Flag: NO"),
    "a winmail.dat of one byte": _part(b"Content-Type: application/ms-tnef", b"x"),
    "a winmail.dat cut in the middle": _part(
        b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64",
        base64.b64encode(b"\x78\x9f\x3e\x22\x01\x00\x01\x06\x90\x08\x00"),
    ),
}
assert len(BY_HAND) >= 200

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

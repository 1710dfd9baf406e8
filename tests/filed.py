"""A site whose policy asks for files: the reference policy with a kind "attachment" on the contact form and the profile."""

import functools
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from tests.site import put_in_force
from tests.visits import SITE

from troth import files
from troth.policy import confirm
from troth.records.ids import new_id

if TYPE_CHECKING:
    from troth.records.stored import StoredFile

KIND = """{#files}
### Attachments
You may add an attachment to your message, such as a log. We keep it for 24 months after our last contact.

```rule
kind: attachment
title: Attachment
type: file
accept: [pdf, png, txt, log]
limit: 1 MB
at most: 2
class: identifying
dpv: Preference
kept: {for: 24 months, after: last contact}
```

"""
PDF = b"%PDF-1.7\n" + b"a drawing of a valve " * 20
LOG = "22:14 pump 3 stopped: Überdruck\r\n".encode() * 5


@functools.cache
def text_with_files(version: int = 1, *, kind: str = KIND) -> str:
    """The reference policy, in which contact form and profile take these files instead of its own attachments."""
    text = _without_attachments((SITE / "policy.md").read_text(encoding="utf-8")).replace("{#U4}", f"{kind}{{#U4}}", 1)
    text = text.replace(
        "  note: required\nfor: [inquiries]", "  note: required\n  attachment: optional\nfor: [inquiries]"
    )
    text = text.replace("preferences: optional}", "preferences: optional, attachment: optional}")
    for purpose in ("inquiries", "access", "account"):
        begin = (
            text.index(f"\npurpose: {purpose}\nwords")
            if f"\npurpose: {purpose}\nwords" in text
            else text.index(f"\npurpose: {purpose}\ntitle")
        )
        head, tail = text[:begin], text[begin:]
        text = head + re.sub(r"may use: \[", "may use: [attachment, ", tail, count=1)
    return confirm(re.sub(r"^version: \d+$", f"version: {version}", text, count=1, flags=re.MULTILINE))


def _without_attachments(text: str) -> str:
    """The reference policy, which has attachments of its own on the contact form, without them."""
    text = re.sub(r"```rule\nkind: attachment\n.*?```\n\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^  attachment: .*\n|, attachment(: \w+)?", "", text, flags=re.MULTILINE)
    text = text.replace("the note you write and its attachments are kept", "the note you write are kept")
    return re.sub(r'(, "| )You can add attachments, [^"\n]*?each\.("?)', "", text)


@pytest.fixture
def filed(transactional_db: None) -> Any:
    """That policy in force."""
    return put_in_force(text_with_files())


def attached_to(person: UUID) -> "tuple[UUID, bytes, StoredFile]":
    """A file beside one of their values: its id, its key, its row. The row stands as `keep` writes it."""
    from troth.records import filing, profile
    from troth.records.stored import StoredFile

    id, key = new_id(), files.new_key()
    writing = files.of_site().begin(id, key)
    writing.write(LOG)
    datum = profile.list_data(person)[0]
    one = files.Attached.of(writing.finish(), id=id, key=key, name="x", media="text/plain")
    filing.keep_files([one], person=person, datum=datum.id, at_utc=datetime.now(UTC))
    return id, key, StoredFile.objects.get(pk=id)

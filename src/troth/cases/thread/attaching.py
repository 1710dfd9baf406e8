"""Files that come with an email, taken by the same rule as those of a form."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from troth import in_force
from troth.collection.forms.uploads import Upload
from troth.collection.mailbox.received import AttachedFile
from troth.files import Attached, pack
from troth.policy.terms import FileRule

_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
"""What programs attach for programs: an email that is sealed as a whole, and a signature, which is no one’s file."""


@dataclass(frozen=True)
class TakenFiles:
    """What was taken, as it is sealed; `refused`: why the others were not, each reason once, and how many were."""

    packed: str
    refused: tuple[str, ...]


def attach(files: Sequence[AttachedFile], *, kind: str) -> TakenFiles:
    """Into the store, where they stay once their value is kept.   `kind`: what the policy calls them; "" for none."""
    if any(file.media in _ENCRYPTED for file in files):
        return TakenFiles("", (_("It’s encrypted, and we can’t read it. Send it again without encryption."),))
    files = [file for file in files if file.media not in _SIGNATURES]
    stated = in_force.policy().kinds.get(kind)
    rule = stated.files if stated else None
    if rule is None:
        return TakenFiles("", (_("We don’t take attachments by email."),) if files else ())
    attached: list[Attached] = []
    refused: dict[str, None] = {}
    for number, file in enumerate(files, 1):
        taken = _take(file, rule, number=number)
        if taken.attached is not None:
            attached.append(taken.attached)
        else:
            refused[taken.problem] = None
    if refused:
        refused[_count(len(attached), len(files))] = None
    return TakenFiles(pack(attached) if attached else "", tuple(refused))


def _count(taken: int, all: int) -> str:
    if not taken:
        return _("We took none of them.")
    return _("We took %(taken)d of %(all)d.") % {"taken": taken, "all": all}


def _take(file: AttachedFile, rule: FileRule, *, number: int) -> Upload:
    upload = Upload(rule, file.name, number=number)
    if file.size > rule.limit.size_bytes or upload.problem:
        upload.refuse_size()
        return upload
    upload.take(file.read())
    upload.end()
    return upload

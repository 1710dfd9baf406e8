"""Files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from troth.collection.forms.types.base import Asked, KindType, Typed, cover_all
from troth.collection.forms.uploads import Upload, list_endings
from troth.files import Attached, describe, pack, unpack
from troth.policy.terms import FileRule, Kind


class FilesInput(forms.FileInput):
    """Chooses one file or, where the kind says so, several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Its value is what is sealed of the files; "" for none."""

    widget = FilesInput

    def clean(self, value: Sequence[Any]) -> str:  # of `Upload`s, as the site's upload handler makes them
        problems = [each.problem for each in value if each.problem]
        if problems:
            raise ValidationError(_list_names(value) if len(value) > 1 else problems)
        if not value and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        kept = [each.attached for each in value if each.attached]
        return pack(kept) if kept else ""


def _list_names(uploads: Sequence[Upload]) -> list[str]:
    return [f"“{each.name}”: {each.problem}" for each in uploads if each.problem]


def file_field(kind: Kind, *, required: bool) -> FilesField:
    """A field for files of this kind, with what it takes as its help text."""
    rule = kind.files
    assert rule is not None  # the compiler has refused a kind of files without
    endings = [f".{ending}" for ending in rule.accept] + ([".jpeg"] if "jpg" in rule.accept else [])
    several = {"multiple": True} if rule.most > 1 else {}
    widget = FilesInput(attrs={"accept": ",".join(endings), **several})
    return FilesField(widget=widget, help_text=_hint(rule), label=kind.title, required=required)


def _field(asked: Asked) -> forms.Field:
    return file_field(asked.kind, required=True)


def _hint(rule: FileRule) -> str:
    facts = {"kinds": list_endings(rule), "limit": rule.limit, "number": rule.most}
    if rule.most > 1:
        return _("%(kinds)s, up to %(limit)s each. At most %(number)d files.") % facts
    return _("%(kinds)s, up to %(limit)s.") % facts


def _as_packed(typed: Typed) -> str:
    return typed.text


def _words(kind: Kind, value: str) -> str:
    """error.log (12.3 KB)"""
    return ", ".join(in_words(each) for each in unpack(value))


def in_words(attached: Attached) -> str:
    return _("%(name)s (%(size)s)") % {"name": attached.name, "size": filesizeformat(attached.size)}


def _say_required() -> str:
    return _("Choose a file.")


FILE = KindType(
    id="file",
    field=_field,
    normalize=_as_packed,
    words=_words,
    cover=cover_all,
    required=_say_required,
    said=describe,
    files=unpack,
)

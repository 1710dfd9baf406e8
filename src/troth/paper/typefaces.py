"""Typefaces for all scripts: which ones a text needs, and which characters none of them has.

Latin characters are in the face of our own pages where it has them all, else in Noto Sans; other scripts in their own
Noto. Of the Chinese, Japanese and Korean face, which has 44,000 signs, only those that the paper says are taken.

Source  Noto (SIL Open Font License), from packages whose files are locked by hash
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset, unicodedata
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib import instancer

OWN, LATIN, CJK = "inter", "NotoSans", "NotoSansCJK"
MISSING = "\ufffd"
"""Printed instead of a sign that none of our faces has."""

_SCRIPTS = {
    "Arab": "NotoSansArabic",
    "Armn": "NotoSansArmenian",
    "Beng": "NotoSansBengali",
    "Cyrl": LATIN,
    "Deva": "NotoSansDevanagari",
    "Ethi": "NotoSansEthiopic",
    "Geor": "NotoSansGeorgian",
    "Grek": LATIN,
    "Gujr": "NotoSansGujarati",
    "Guru": "NotoSansGurmukhi",
    "Hebr": "NotoSansHebrew",
    "Khmr": "NotoSansKhmer",
    "Knda": "NotoSansKannada",
    "Laoo": "NotoSansLao",
    "Latn": LATIN,
    "Mlym": "NotoSansMalayalam",
    "Mymr": "NotoSansMyanmar",
    "Orya": "NotoSansOriya",
    "Sinh": "NotoSansSinhala",
    "Taml": "NotoSansTamil",
    "Telu": "NotoSansTelugu",
    "Thai": "NotoSansThai",
    "Bopo": CJK,
    "Hang": CJK,
    "Hani": CJK,
    "Hira": CJK,
    "Kana": CJK,
}
_SIGNS = (LATIN, "NotoEmoji", "NotoSansSymbols", CJK)
"""Where signs of no script are looked for, and what the face of its own script lacks: Ａ of full width."""
_UNDRAWN = frozenset("\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f\t\n\r")
_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2
_REGULAR = 400
_NOT_NEEDED = ["GSUB", "GPOS", "BASE", "vhea", "vmtx"]


@dataclass(frozen=True)
class Faces:
    """The faces of a paper by name, which signs each has, and the signs that none has."""

    signs: dict[str, frozenset[str]]
    missing: frozenset[str]

    @property
    def shaped(self) -> bool:
        """Whether characters may change by their neighbors or run from the right."""
        return not set(self.signs) <= {OWN, LATIN, CJK, "NotoEmoji", "NotoSansSymbols"}

    def of(self, text: str) -> str:
        """The face that has the whole text; Noto Sans, with the others behind it, for a text of several scripts."""
        wanted = _drawn(text)
        whole = (name for name, signs in self.signs.items() if wanted <= signs)
        return next(whole, LATIN if LATIN in self.signs else OWN)

    def replace_missing(self, text: str) -> str:
        """The text as it can be drawn: a visible mark for what cannot."""
        shown = "".join(MISSING if sign in self.missing else sign for sign in text)
        return shown.translate({ord(sign): None for sign in "\ufe0e\ufe0f\u2060\ufeff"})


def faces_for(texts: Iterable[str], own: Path) -> Faces:
    """What these texts need, our own face first."""
    wanted = frozenset().union(*map(_drawn, texts))
    signs = {OWN: _signs_of(own)}
    left = wanted - signs[OWN]
    if left:
        signs[LATIN] = _signs_of(path_of(LATIN))
        left -= signs[LATIN]
    for faces in ({name for sign in left for name in _candidates(sign)}, _SIGNS):
        for name in sorted(faces):
            if name not in signs and left & _signs_of(path_of(name)):
                signs[name] = _signs_of(path_of(name))
        left -= frozenset().union(*signs.values())
        if not left:
            break
    return Faces(signs, left)


def path_of(name: str) -> Path:
    """The file of a face."""
    if name == CJK:
        return Path(str(resources.files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc")))
    return Path(str(resources.files("manimgx_fonts").joinpath(f"{name}[wght].ttf")))


def small_cjk(text: str, folder: Path) -> Path:
    """A file with these Chinese, Japanese and Korean signs alone, of regular weight, in `folder`."""
    font = TTFont(path_of(CJK), fontNumber=_region(text), lazy=True)
    options = subset.Options(layout_features=[], notdef_outline=True, drop_tables=_NOT_NEEDED)
    taking = subset.Subsetter(options)
    taking.populate(text=text + " ")
    taking.subset(font)
    small = BytesIO()
    font.save(small)
    font.close()
    small.seek(0)
    regular = instancer.instantiateVariableFont(TTFont(small), {"wght": _REGULAR})
    _draw_as_truetype(regular)
    file = folder / "cjk.ttf"
    regular.save(file)
    regular.close()
    return file


def _drawn(text: str) -> frozenset[str]:
    return frozenset(text) - _UNDRAWN


def _candidates(sign: str) -> tuple[str, ...]:
    script = str(unicodedata.script(sign))
    return (_SCRIPTS[script],) if script in _SCRIPTS else _SIGNS


@cache
def _signs_of(path: Path) -> frozenset[str]:
    number = _CHINESE if path.suffix == ".ttc" else -1
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _region(text: str) -> int:
    """Whose shapes of the common signs: Japan's beside kana, Korea's beside hangul, else China's."""
    scripts = {str(unicodedata.script(sign)) for sign in text}
    if scripts & {"Hira", "Kana"}:
        return _JAPANESE
    return _KOREAN if "Hang" in scripts else _CHINESE


def _draw_as_truetype(font: Any) -> None:
    """The outlines as TrueType draws them: what a PDF may hold and every reader shows."""
    order, glyphs, drawn = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    # The table of the outlines just replaced: a font with both is refused.
    del font["CFF2"]
    most = font["maxp"]
    # Version 1.0 of this table goes with TrueType outlines, and has fields that version 0.5 lacks.
    most.tableVersion = 0x00010000
    for field in (
        "Zones",
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
        "ComponentElements",
    ):
        setattr(most, f"max{field}", 1 if field == "Zones" else 0)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 2.0, [], {}
    font["post"].glyphOrder = order
    # What readers tell TrueType by; “OTTO” would say PostScript outlines.
    font.sfntVersion = "\x00\x01\x00\x00"

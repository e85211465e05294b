"""The name of a migration's folder, made from what the developer calls the change."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyascii import anyascii

# Behind the time, a slash and the script's name there is room left in the 255 bytes that file systems allow.
MAX_LENGTH: Final = 200
# Where Prisma's own command spells an alphabet of today otherwise than anyascii.
_GERMAN: Final = "Ä=Ae Ö=Oe Ü=Ue ä=ae ö=oe ü=ue"
_CYRILLIC: Final = "Ё=Yo Є=Ye Ї=Yi Щ=Sch Ъ= Ь= ё=yo є=ye ї=yi щ=sch ъ= ь= ъе=ye"
_GREEK: Final = "Β=B Ξ=Ks Χ=X ξ=ks χ=x"
_LETTERS: Final = [letter.partition("=") for letter in f"{_GERMAN} {_CYRILLIC} {_GREEK}".split()]
_SPELLINGS: Final = {"&": " and ", **{letter: spelling for letter, _, spelling in _LETTERS}}
_SPELLED: Final = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
# Between "ABC" and "12", "abc" and "DEF", "abc" and "Def", "ABC" and "Def"; the plural in "APIs" is no word.
_WORD_BORDERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"([A-Z]{2,})([0-9]+)",
        r"([a-z0-9]+)([A-Z]{2,})",
        r"([a-z0-9])([A-Z])",
        r"([A-Z]+)([A-Z][a-rt-z0-9]+)",
    )
)
_CONTRACTION: Final = re.compile(r"([a-z0-9]+)'([ts])(?=\s|$)")
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return the text as words of small Latin letters and digits, with underscores between them; maybe none.

    Latin (with ae, oe, ue for umlauts), Cyrillic and Greek letters become what Prisma's own command makes of them.
    Letters of other alphabets, many of which it leaves out, are spelled as anyascii does.
    """
    text = anyascii(_SPELLED.sub(lambda found: _SPELLINGS[found[0]], unicodedata.normalize("NFC", text)))
    for border in _WORD_BORDERS:
        text = border.sub(r"\1 \2", text)
    text = _CONTRACTION.sub(r"\1\2", text.lower())
    return _OTHER.sub("_", text).strip("_")[:MAX_LENGTH]

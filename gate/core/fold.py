"""Folding of paths, so that letters which look alike are alike, and splitting of names into words."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CYRILLIC = dict(zip("авеёкмнорстухгипьіјѕһԁԛԝѵӏґ", "abeekmhopctyxrunbijshdqwvlr", strict=True))
_CYRILLIC_CAPITALS = dict(zip("АВЕЁКМНОРСТУХЬІЈЅҺԀԚԜѴӀ", "ABEEKMHOPCTYXbIJSHDQWVl", strict=True))
_GREEK = dict(zip("αβγεζηικνοπρτυχωϲϳ", "abyeznikvonptuxwcj", strict=True))
_GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ", "ABEZHIKMNOPTYXCJ", strict=True))
_LATIN = dict(zip("ɑɡıɩʟɴʀᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ", "agiilnracdejkmoptuvwz", strict=True))

#: Characters that a reader does not see: soft hyphen, zero-width and direction controls.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"

_LOOK_ALIKES = str.maketrans(
    {**_CYRILLIC, **_CYRILLIC_CAPITALS, **_GREEK, **_GREEK_CAPITALS, **_LATIN, "ς": "c"}
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

#: A piece of a name: `HTTPServer2` gives HTTP, Server2; `log_in` gives log, in.
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W_A-Z]+|[A-Z]+[0-9]*")
_TRAILING_DIGITS = re.compile(r"(?<=\D)\d+$")


def _ascii_shape(text: str) -> str:
    """`text` in NFKC, without what cannot be seen, with ASCII letters for those that look like them."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_LOOK_ALIKES)


def fold(text: str) -> str:
    """Return the form in which paths and globs are compared. Folding twice changes nothing more.

    NFKC, case folding, invisible characters dropped, then Cyrillic, Greek and rare Latin letters that look
    like ASCII ones become those. Lone surrogates stay.
    """
    if text.isascii():
        return text.lower()
    folded = _ascii_shape(text).casefold()
    while (again := _ascii_shape(folded).casefold()) != folded:  # a few letters fold in two steps
        folded = again
    return folded


def pieces(name: str) -> list[str]:
    """Return the folded pieces of a name, split at camelCase humps and at everything that is no letter or digit."""
    shaped = name if name.isascii() else _ascii_shape(name)
    return [fold(piece) for piece in _PIECE.findall(shaped)]


def phrases(name: str, *, longest: int = 3) -> Iterator[str]:
    """Yield what can be a word in `name`: each piece, and up to `longest` neighbours written as one.

    `SignIn` gives sign, in, signin. A piece with digits at its end is given without them too.
    """
    parts = pieces(name)
    for start in range(len(parts)):
        for end in range(start + 1, min(start + longest, len(parts)) + 1):
            phrase = "".join(parts[start:end])
            yield phrase
            if (bare := _TRAILING_DIGITS.sub("", phrase)) != phrase:
                yield bare

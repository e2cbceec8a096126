"""The words of all areas, compiled: which of them a line of code holds, and by which others they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gate.core.fold import fold, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.area.model import Area, CodeWords, Pair

#: Neighbouring pieces that can be one word of a list: `is_super_user`.
LONGEST = 4
#: After a noun these say that only its number is meant: `remove(label, userId)`.
_IDS = (("id",), ("ids",), ("uuid",))
#: More pieces of a line are not looked at.
MAX_PIECES = 300
#: Lines, and rows of pieces, whose answer is kept: neighbours ask for the same statement and the same scope.
KEPT = 4096

# A name with what it is a member of: `request.session.flush`.
_CHAIN = re.compile(r"[^\W\d][\w$]*(?:(?:\??\.|->|::|&\.)[^\W\d][\w$]*)*|\d[a-zA-Z]{2,3}\b")
# Words of the language itself that would be taken for words of an area.
_KEYWORDS = re.compile(
    r"\b(?:private|public|protected|internal)\s+(?=[^\W\d]|<)|^\s*export\s+(?:default\b|const\b|let\b|var\b|async\b|function\b|class\b|abstract\b"
    r"|type\b|interface\b|enum\b|declare\b|\*|\{)|^\s*(?:public|private|protected|internal):\s*$"
)
_TRAILING_DIGITS = re.compile(r"(?<=\D)\d+$")


#: `getTenantId` reads a member; a query is `get(tenantId)`.
_GETTER = re.compile(r"(?<![^\W_])get_?[A-Za-z0-9_]*[iI]d(?![^\W_])")


def _getters(chain: str) -> set[int]:
    """The places of `get` in the pieces of a chain where it only begins the name of a member that is read."""
    found: set[int] = set()
    at = 0
    for name in re.split(r"[^\w$]+", chain[:400]):
        if _GETTER.fullmatch(name):
            found.add(at)
        at += len(pieces(name))
    return found


#: `note.ownerId != user.id`, `notes::user_id.eq(user.id)`, `note.OwnerId.Equals(userId)`.
_COMPARES = re.compile(r"[!=]==?(?!>)|\.(?:eq|ne|[eE]quals)\(")
#: A name with what it is a member of, beside an operator.
_BESIDE = re.compile(r"[\w$.:>?&-]{0,80}")


class Found(NamedTuple):
    """A word of an area in a line. `partners` is None if it counts alone."""

    area: str
    word: str
    partners: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says: all its pieces and joined phrases, and the listed words among them."""

    words: frozenset[str]
    found: tuple[Found, ...]
    order: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not self.words


class Vocabulary:
    """The compiled lists of `areas`. `wide` lets words count alone that otherwise need a partner."""

    def __init__(self, areas: Iterable[Area], *, wide: bool) -> None:
        self._exact: dict[str, list[Found]] = {}
        self._endings: dict[str, list[Found]] = {}
        self._pairs: list[tuple[str, Pair]] = []
        self._terms = _Terms()
        self._ignored: set[str] = set()
        self._known: dict[str, Reading] = {}
        self._compared: dict[str, list[str]] = {}
        literals: set[str] = set()
        for area in areas:
            words: CodeWords = area.words
            for word in words.strong:
                self._add(word, Found(area.id, word, None))
            for word, partners in words.weak:
                self._add(word, Found(area.id, word, None if wide else all_forms(partners)))
            for pair in words.pairs:
                number = len(self._pairs)
                self._pairs.append((area.id, pair))
                self._terms.add((number, _VERB), pair.verbs)
                self._terms.add((number, _NOUN), pair.nouns)
            self._ignored.update(map(_bare, words.ignore))
            literals.update(words.literals)
            for word in words.compared:
                self._compared.setdefault(_bare(word), []).append(area.id)
        self.literals = frozenset(literals)
        self._prefix = _alternatives(self._endings)
        self.read = lru_cache(KEPT)(self._read)
        self.pairs = lru_cache(KEPT)(self._find_pairs)

    def _add(self, word: str, found: Found) -> None:
        if word.endswith("*"):
            self._endings.setdefault(_bare(word), []).append(found)
        else:
            for form in forms(_bare(word)):
                self._exact.setdefault(form, []).append(found)

    def _read(self, line: str) -> Reading:
        """Return what a line of code says."""
        words: set[str] = set()
        found: dict[Found, None] = {}
        order: list[str] = []
        for chain in _CHAIN.findall(_KEYWORDS.sub(" ", line)):
            if len(order) > MAX_PIECES:
                break
            reading = self._known.get(chain)
            if reading is None:
                reading = self._known[chain] = self._read_chain(chain)
            words |= reading.words
            found.update(dict.fromkeys(reading.found))
            order.extend(reading.order)
        return Reading(frozenset(words), tuple(found), tuple(order))

    def _read_chain(self, chain: str) -> Reading:
        parts = pieces(chain[:400])
        spans: list[tuple[int, int, str]] = []
        for start in range(len(parts)):
            for end in range(start + 1, min(start + LONGEST, len(parts)) + 1):
                phrase = "".join(parts[start:end])
                spans.append((start, end, phrase))
                if (bare := _TRAILING_DIGITS.sub("", phrase)) != phrase:
                    spans.append((start, end, bare))
        hidden = {at for start, end, phrase in spans if phrase in self._ignored for at in range(start, end)}
        shown = [span for span in spans if hidden.isdisjoint(range(span[0], span[1]))] if hidden else spans
        found: dict[Found, None] = {}
        for _, _, phrase in shown:
            for one in self._exact.get(phrase, ()):
                found[one] = None
            if self._prefix is not None and (prefix := self._prefix.match(phrase)):
                for one in self._endings[prefix[0]]:
                    found[one] = None
        if _GETTER.search(chain):
            hidden |= _getters(chain)
        order = tuple(part for at, part in enumerate(parts) if at not in hidden)
        return Reading(frozenset(phrase for _, _, phrase in shown), tuple(found), order)

    def compared(self, line: str) -> Iterator[tuple[str, str]]:
        """Yield (area, word) for each listed name that a line of code compares with something."""
        for found in _COMPARES.finditer(line):
            before = line[max(0, found.start() - 90) : found.start()].rstrip(" \t)")
            left = _BESIDE.match(before[::-1])
            right = _BESIDE.match(line[found.end() : found.end() + 90].lstrip(" \t$"))
            for name in (left[0][::-1] if left else "", right[0] if right else ""):
                parts = pieces(name)
                for length in range(1, min(3, len(parts)) + 1):
                    for area in self._compared.get("".join(parts[-length:]), ()):
                        yield area, " ".join(parts[-length:])

    def _find_pairs(self, order: tuple[str, ...]) -> tuple[tuple[Pair, str, str], ...]:
        """Return (pair, area, "verb noun") for each pair whose verb and noun stand near each other in `order`."""
        places: dict[_Role, list[tuple[int, str]]] = {}
        for at in range(len(order)):
            for role, term in self._terms.at(order, at).items():
                places.setdefault(role, []).append((at, term))
        found = []
        for number in sorted(
            number for number, kind in places if kind == _VERB and (number, _NOUN) in places
        ):
            area, pair = self._pairs[number]
            hit = next(
                (
                    f"{verb} {noun}"
                    for i, verb in places[number, _VERB]
                    for j, noun in places[number, _NOUN]
                    if i != j and abs(i - j) <= pair.near and (pair.ids or order[j + 1 : j + 2] not in _IDS)
                ),
                None,
            )
            if hit:
                found.append((pair, area, hit))
        return tuple(found)


_VERB, _NOUN = 0, 1
#: The number of a pair, and which of its two lists.
_Role = tuple[int, int]


class _Terms:
    """The words and phrases of all pairs, looked for together at a place in a row of pieces."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[_Role, str]] = {}
        self._endings: dict[str, dict[_Role, str]] = {}
        self._begun: dict[str, dict[_Role, str]] = {}

    def add(self, role: _Role, terms: Iterable[str]) -> None:
        """Add the words of one list of one pair."""
        for term in terms:
            if term.endswith("*"):
                self._endings.setdefault(_bare(term), {})[role] = term
            else:
                for form in forms(_bare(term)):
                    self._exact.setdefault(form, {})[role] = term

    def at(self, order: Sequence[str], place: int) -> dict[_Role, str]:
        """Return the term of each list that begins at `place`: the shortest whole one, else the longest beginning."""
        first = order[place]
        begun = self._begun.get(first)
        if begun is None:
            begun = self._begun[first] = self._beginnings(first)
        found = begun
        joined = "".join(order[place : place + 3])
        for end in (len(joined), len("".join(order[place : place + 2])), len(first)):
            if whole := self._exact.get(joined[:end]):
                found = {**found, **whole}
        return found

    def _beginnings(self, piece: str) -> dict[_Role, str]:
        found: dict[_Role, str] = {}
        for end in range(len(piece) + 1):
            found.update(self._endings.get(piece[:end], {}))
        return found


def _alternatives(endings: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for the longest of some beginnings."""
    ordered = sorted(endings, key=lambda text: (-len(text), text))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _bare(word: str) -> str:
    return "".join(pieces(word)) or fold(word)


def forms(word: str) -> set[str]:
    """A word and its plurals."""
    found = {word, word + "s"}
    if word.endswith("y"):
        found.add(word[:-1] + "ies")
    if word.endswith(("s", "x", "z", "ch", "sh")):
        found.add(word + "es")
    return found


def all_forms(words: Iterable[str]) -> frozenset[str]:
    """Words and their plurals, in the form in which pieces of names are compared."""
    return frozenset(form for word in words for form in forms(_bare(word)))

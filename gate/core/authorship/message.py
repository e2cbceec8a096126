"""Reading a commit message or the body of a merge request: trailers and lines, each with its place.

One pass over the lines; every step takes time in proportion to the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from gate.core.authorship.grades import Place
from gate.core.authorship.identity import parse_identity, seen
from gate.core.authorship.schema import IDENTITY_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Characters of a message and of a line that are read. Above them a text is no commit message. Of a longer
#: message the first and the last half are read: its subject and its trailers.
MAX_MESSAGE: Final = 1_000_000
MAX_LINE: Final = 10_000
NUL_REMARK: Final = "the message goes on behind a NUL, where git ends it; what follows was not read"

#: A person up to the closing `>` of an address.
_PERSON: Final = re.compile(r"[^<>]*<[^<>\s@]+@[^<>\s@]+>")
_NO_COLON: Final = re.compile(
    r" {0,3}([A-Za-z][A-Za-z0-9-]{1,40})[ \t]+([^<>]*<[^<>\s@]+@[^<>\s@]+>.*)", re.DOTALL
)
_TRAILER: Final = re.compile(r" {0,3}([A-Za-z][A-Za-z0-9-]{1,40})[ \t]*:[ \t]*(.*)", re.DOTALL)
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_INDENTED: Final = re.compile(r" {0,3}\t| {4}")
_PICKED: Final = re.compile(r"\(cherry picked from commit [0-9a-f]{7,64}\)")
#: How a footer of several lines begins and ends: emphasis and comments that a squash wrapped.
_OPENINGS: Final = (("<!--", "-->"), ("_", "_"), ("*", "*"))
#: Lines that a wrapped footer has at most.
_MAX_WRAPPED: Final = 4
_REMARK: Final = re.compile(r"\[[^\[\]:]{1,80}: [^\[\]]*\]")
#: Some put it in front of a trailer, as in front of their footer.
_ROBOT: Final = "🤖"
#: Fences longer than this are treated alike.
_MAX_FENCE: Final = 8


class _Kind(IntEnum):
    BLANK = auto()
    SUBJECT = auto()
    FENCED = auto()
    COMMENT = auto()
    QUOTED = auto()
    INDENTED = auto()
    TRAILER = auto()
    CONTINUATION = auto()
    REGISTERED = auto()
    ACCESSORY = auto()
    PROSE = auto()


_PURE: Final = frozenset({_Kind.TRAILER, _Kind.CONTINUATION, _Kind.REGISTERED, _Kind.ACCESSORY})
_SILENT: Final = frozenset({_Kind.BLANK, _Kind.SUBJECT, _Kind.ACCESSORY})
_HINT_PLACES: Final = {
    _Kind.FENCED: Place.FENCED,
    _Kind.COMMENT: Place.COMMENT,
    _Kind.QUOTED: Place.QUOTED,
    _Kind.INDENTED: Place.INDENTED,
    _Kind.CONTINUATION: Place.INDENTED,
    _Kind.PROSE: Place.INLINE,
}


@dataclass(frozen=True, slots=True)
class Trailer:
    """A trailer with a known key, in lower case. `values` is the value of its line and, if other lines
    continue it, the whole one; `text` the line as it stands.
    """

    line: int
    place: Place
    key: str
    values: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that at least one of the given patterns matches; `matched` holds their positions."""

    line: int
    place: Place
    matched: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `remarks` name what of it was not read."""

    subject: str
    trailers: tuple[Trailer, ...]
    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Row:
    number: int
    text: str
    repaired: bool = False
    kind: _Kind = _Kind.BLANK
    key: str = ""
    value: str = ""
    matched: tuple[int, ...] = ()
    more: list[str] | None = None
    whole: str = ""

    @property
    def told(self) -> str:
        """The line as it stands, with what nobody sees."""
        return self.whole or self.text


#: All empty lines are this one row, which nothing changes.
_BLANK_ROW: Final = _Row(0, "")


def read(
    message: str, keys: Sequence[str], patterns: Sequence[re.Pattern[str]] = (), *, body: bool = False
) -> Reading:
    """Return the trailers with one of `keys` (lower case) and the lines that `patterns` match.

    `body` reads the text of a merge request: no subject, and HTML comments are set apart.
    Never raises; lines are cut at MAX_LINE, the text at a NUL, where git ends it too, and in the middle of what is
    longer than MAX_MESSAGE.
    """
    text, remarks = _limited(message)
    low = text.lower()
    present = tuple(key for key in keys if key in low)
    rows = _rows(text, present)
    if len(text) > MAX_LINE and any(len(line) > MAX_LINE for line in text.split("\n")):
        remarks.append(f"lines are longer than {MAX_LINE:,} characters; what follows in them was not read")
    subject = None if body else next((i for i, row in enumerate(rows) if row.text), None)
    if subject is not None:
        rows[subject].kind = _Kind.SUBJECT
    if body and "<!--" in text:
        _mark_comments(rows)
    if "```" in text or "~~~" in text:
        _mark_fences(rows)
    _classify(rows, frozenset(present), patterns)
    if "_" in text or "*" in text or "<!--" in text:
        _join_wrapped(rows, present)
    block = _last_block(rows)
    trailers: list[Trailer] = []
    lines: list[Line] = []
    for index, row in enumerate(rows):
        if row.kind in _SILENT or not (row.matched or ":" in row.text or "<" in row.text):
            continue
        place = _place(row, in_block=index >= block)
        trailers.extend(_trailers(row, place, present))
        if row.matched:
            lines.append(Line(row.number, place, row.matched, row.told))
    if subject is not None and _only_trailers(rows):
        trailers[:0] = _in_subject(rows[subject], present)
    title = rows[subject].text if subject is not None else ""
    return Reading(title, tuple(trailers), tuple(lines), tuple(remarks))


def _limited(message: str) -> tuple[str, list[str]]:
    """The part of a message that is read, and remarks on the rest. What is left out becomes an empty line."""
    text, _, hidden = message.partition("\0")
    remarks = [NUL_REMARK] if hidden else []
    if len(text) <= MAX_MESSAGE:
        return text, remarks
    half = MAX_MESSAGE // 2
    head, tail = text[:half], text[-half:].partition("\n")[2]
    left_out = len(text) - len(head) - len(tail)
    remarks.append(
        f"the message has {len(text):,} characters; {left_out:,} in the middle, after the first {half:,}, were not"
        " read"
    )
    # As many line breaks as were left out, so that the lines behind keep their numbers.
    breaks = min(text.count("\n") - head.count("\n") - tail.count("\n"), MAX_MESSAGE)
    return head + "\n" * breaks + tail, remarks


def _rows(text: str, keys: tuple[str, ...]) -> list[_Row]:
    """Split into lines. A literal backslash and n before a known key counts as a line break."""
    rows: list[_Row] = []
    breaks = None
    if keys and "\\n" in text:
        breaks = re.compile(rf"\\n[ \t]*(?=(?:{'|'.join(map(re.escape, keys))})[ \t]*:)", re.IGNORECASE)
    hides = seen(text) != text
    for number, whole in enumerate(text.split("\n"), 1):
        stands = whole[:MAX_LINE].rstrip()
        if not stands:
            rows.append(_BLANK_ROW)
            continue
        line = seen(stands) if hides else stands
        if line.startswith(_ROBOT) and _TRAILER.match(line[1:].lstrip()):
            rows.append(_Row(number, line[1:].lstrip(), repaired=True, whole=stands))
            continue
        if breaks is None or "\\n" not in line:
            rows.append(_Row(number, line, whole=stands if hides else ""))
            continue
        first, *others = breaks.split(line)
        rows.append(_Row(number, _without_literal_ends(first) if others else first))
        rows.extend(_Row(number, _without_literal_ends(other), repaired=True) for other in others)
    return rows


def _without_literal_ends(text: str) -> str:
    end = len(text)
    while text.endswith("\\n", 0, end):
        end -= 2
    return text[:end].rstrip()


def _mark_fences(rows: list[_Row]) -> None:
    """Mark the rows of closed code fences, with their fences. A fence that is never closed is none, or one
    line would hide everything after it.
    """
    closing: dict[int, int] = {}
    nearest: dict[tuple[str, int], int] = {}
    for index in range(len(rows) - 1, -1, -1):
        fence = _FENCE.match(rows[index].text)
        if fence is None or rows[index].kind is _Kind.SUBJECT:
            continue
        mark, length = fence[1][0], min(len(fence[1]), _MAX_FENCE)
        if (mark, length) in nearest:
            closing[index] = nearest[mark, length]
        if fence.end() == len(rows[index].text):
            nearest.update({(mark, shorter): index for shorter in range(3, length + 1)})
    end = -1
    for index in sorted(closing):
        if index > end:
            end = closing[index]
            for row in rows[index : end + 1]:
                if row.text:
                    row.kind = _Kind.FENCED


def _mark_comments(rows: list[_Row]) -> None:
    """Mark the rows that an HTML comment touches; an unclosed one is none."""
    last = max((i for i, row in enumerate(rows) if "-->" in row.text), default=-1)
    opened = False
    for row in rows[: last + 1]:
        if row.text and (opened or "<!--" in row.text):
            row.kind = _Kind.COMMENT
        start, end = row.text.rfind("<!--"), row.text.rfind("-->")
        opened = start > end or (opened and end < 0)


def _classify(rows: list[_Row], keys: frozenset[str], patterns: Sequence[re.Pattern[str]]) -> None:
    """Give every row its kind, where it has none yet, and the patterns that match it."""
    above: _Row | None = None  # the trailer that a line may continue
    for row in rows:
        text = row.text
        if not text or row.kind is _Kind.SUBJECT:
            above = None
            continue
        stripped = text.lstrip()
        if patterns:
            row.matched = tuple(i for i, pattern in enumerate(patterns) if pattern.search(stripped))
        trailer = _TRAILER.match(text) if ":" in text else None
        key = trailer[1].lower() if trailer else ""
        if row.kind is not _Kind.BLANK:
            above = None
        elif stripped[0] == ">":
            row.kind, above = _Kind.QUOTED, None
        elif above is not None and text[0] in " \t" and key not in keys:
            row.kind = _Kind.CONTINUATION
            if above.more is None:
                above.more = []
            above.more.append(stripped)
        elif _INDENTED.match(text):
            row.kind, above = _Kind.INDENTED, None
        elif trailer:
            row.kind, above = _Kind.TRAILER, row
            row.key, row.value = key, trailer[2]
        else:
            row.kind, above = _Kind.PROSE, None
            if row.matched:
                row.kind = _Kind.REGISTERED
            elif stripped[0] in "-([" and _is_accessory(stripped):
                row.kind = _Kind.ACCESSORY


def _join_wrapped(rows: list[_Row], keys: tuple[str, ...]) -> None:
    """Let the rest of a footer that was wrapped, and a comment of a tool below it, say nothing of their own."""
    for index, row in enumerate(rows):
        if row.kind is not _Kind.REGISTERED and not row.text.startswith("<!--"):
            continue
        for opening, closing in _OPENINGS:
            if not row.text.startswith(opening):
                continue
            span = _span(rows, index, closing, len(opening))
            for other in rows[index:span]:
                if other.kind is _Kind.PROSE and not any(key in other.text.lower() for key in keys):
                    other.kind = _Kind.ACCESSORY
            break


def _span(rows: list[_Row], start: int, closing: str, after: int) -> int:
    """Where the lines end that begin at `start` and close with `closing`; `start` if they do not."""
    for index in range(start, min(start + _MAX_WRAPPED, len(rows))):
        text = rows[index].text
        if not text:
            break
        if text.endswith(closing) and (index > start or len(text) > after):
            return index + 1
    return start


def _is_accessory(text: str) -> bool:
    """Whether a line only separates or remarks."""
    separator = len(text) >= 3 and not text.strip("-")
    return separator or bool(_PICKED.fullmatch(text) or _REMARK.fullmatch(text))


def _last_block(rows: list[_Row]) -> int:
    """Where the longest run of pure paragraphs at the end begins; never in the paragraph of the subject."""
    block = len(rows)
    start = len(rows)
    while start > 0:
        start -= 1
        kind = rows[start].kind
        if kind is _Kind.BLANK:
            block = start
        elif kind not in _PURE:
            return block
    return 0


def _only_trailers(rows: list[_Row]) -> bool:
    """Whether the subject is all that a message says beside trailers."""
    return all(row.kind in _PURE or row.kind in (_Kind.BLANK, _Kind.SUBJECT) for row in rows)


def _place(row: _Row, *, in_block: bool) -> Place:
    if row.kind in _HINT_PLACES:
        return _HINT_PLACES[row.kind]
    if row.repaired:
        return Place.REPAIRED
    return Place.LAST_BLOCK if in_block else Place.OWN_LINE


def _trailers(row: _Row, place: Place, keys: tuple[str, ...]) -> Iterator[Trailer]:
    if row.kind is _Kind.TRAILER:
        people = _people(row.value) if row.key in IDENTITY_KEYS and row.key in keys else []
        if len(people) > 1:
            for person in people:
                yield Trailer(row.number, Place.REPAIRED, row.key, (person,), row.told)
        elif row.key in keys:
            folded = (" ".join((row.value, *row.more))[:MAX_LINE],) if row.more else ()
            yield Trailer(row.number, place, row.key, (row.value, *folded), row.told)
    elif row.kind in _HINT_PLACES:
        for key, value in _inside(row.text, keys):
            yield Trailer(row.number, place, key, (value, value.partition("`")[0].rstrip("*_ ")), row.told)


def _people(value: str) -> list[str]:
    """The persons of a value, each up to the end of an address; git knows only one of them."""
    return [found[0].strip(" \t,;&") for found in _PERSON.finditer(value)]


def _in_subject(row: _Row, keys: tuple[str, ...]) -> Iterator[Trailer]:
    """The complete identity trailers at the end of a subject: a message pasted into one line."""
    for key, value in _inside(row.text, keys):
        identity = parse_identity(value) if key in IDENTITY_KEYS else None
        if identity is not None and not identity.repaired:
            yield Trailer(row.number, Place.REPAIRED, key, (value,), row.told)


def _inside(text: str, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Known keys anywhere in a line, each with the text up to the next one."""
    low = text.lower()
    if len(low) != len(text) or not (":" in text or "<" in text):
        return
    starts: list[int] = []
    for key in keys:
        start = low.find(key)
        while start >= 0:
            if start == 0 or not (low[start - 1].isalnum() or low[start - 1] == "-"):
                starts.append(start)
            start = low.find(key, start + len(key))
    starts.sort()
    for start, end in pairwise([*starts, len(text)]):
        trailer = _TRAILER.match(text[start:end]) or _NO_COLON.match(text[start:end])
        if trailer and trailer[1].lower() in keys:
            yield trailer[1].lower(), trailer[2].strip()

"""The change as text for a model: unified diffs with context, packed into batches of whole files or hunks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.change import Hunk

CONTEXT = 20
#: A longer line is generated, and nobody knows what a model makes of it.
MAX_LINE_BYTES = 4_096
#: Bytes that git prints beyond what is counted here: for a hunk, and (beside its name, twice) for a file.
_GIT_HUNK, _GIT_FILE = 90, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some hunks of one file as text. `sensitive`: the file belongs to a touched area.

    `extra` are bytes that an engine adds to it.
    """

    path: str
    text: str
    sensitive: bool = False
    extra: int = 0

    @property
    def size(self) -> int:
        return len(self.text.encode("utf-8", "replace")) + self.extra


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one call is shown."""

    pieces: tuple[Piece, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.path for piece in self.pieces))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def sensitive(self) -> bool:
        return any(piece.sensitive for piece in self.pieces)


def has_long_line(hunks: Iterable[Hunk]) -> bool:
    """Whether a changed line is longer than a model is shown."""
    return any(
        len(line) > MAX_LINE_BYTES or len(line.encode("utf-8", "replace")) > MAX_LINE_BYTES
        for hunk in hunks
        for line in (*hunk.old, *hunk.new)
    )


def blocks(hunks: Sequence[Hunk], new: Sequence[str], context: int = CONTEXT) -> list[str]:
    """Return the hunks as unified diff with lines of context, neighbours joined; each block can stand alone.

    `new` are the lines of the head, of which the context is taken. Strings with the shape of a known secret are masked.
    """
    groups: list[list[Hunk]] = []
    for hunk in hunks:
        if groups and _first(hunk) - _after(groups[-1][-1]) <= 2 * context:
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
    return [_block(group, new, context) for group in groups]


def _first(hunk: Hunk) -> int:
    """The 1-based line of the new side on which the hunk begins, or before which its old lines stood."""
    return hunk.new_start if hunk.new else hunk.new_start + 1


def _after(hunk: Hunk) -> int:
    return _first(hunk) + len(hunk.new)


def _block(group: Sequence[Hunk], new: Sequence[str], context: int) -> str:
    """Context is of the new side; of a deleted file there is none."""
    start = max(1, _first(group[0]) - context)
    end = min(len(new), _after(group[-1]) - 1 + context)
    first_old = group[0].old_start if group[0].old else group[0].old_start + 1
    shift = _first(group[0]) - first_old
    lines, position = [], start
    old_count = new_count = 0
    for hunk in group:
        between = new[position - 1 : _first(hunk) - 1]
        lines += [f" {line}" for line in between]
        lines += [f"-{line}" for line in hunk.old]
        lines += [f"+{line}" for line in hunk.new]
        old_count += len(between) + len(hunk.old)
        new_count += len(between) + len(hunk.new)
        position = _after(hunk)
    rest = new[position - 1 : end]
    lines += [f" {line}" for line in rest]
    old_count, new_count = old_count + len(rest), new_count + len(rest)
    head = f"@@ -{max(start - shift, 0)},{old_count} +{start},{new_count} @@"
    body = "\n".join(line[:1] + line[1:].rstrip("\r") for line in lines)
    return f"{head}\n{mask_tokens(body)}\n"


def shown_path(path: str) -> str:
    """Return a path as the diff names it: what cannot be printed is escaped, so that it cannot break the data."""
    return path if path.isprintable() else path.encode("unicode_escape").decode()


def pieces(
    path: str, texts: Sequence[str], *, most: int, sensitive: bool, whole: bool = False
) -> list[Piece] | None:
    """Return one file as pieces of at most `most` bytes, split between hunks; None if one hunk is larger.

    `whole`: it is not split, and every hunk counts as git prints it, with the name of what it stands in.
    """
    shown = shown_path(path)
    head = f"--- a/{shown}\n+++ b/{shown}\n"
    if whole:
        extra = len(texts) * _GIT_HUNK + len(head.encode("utf-8", "replace")) + _GIT_FILE
        piece = Piece(path=path, text=head + "".join(texts), sensitive=sensitive, extra=extra)
        return [piece] if piece.size <= most else None
    found: list[str] = []
    for text in texts:
        size = len(text.encode("utf-8", "replace"))
        if size + len(head) > most:
            return None
        if found and len(found[-1].encode("utf-8", "replace")) + size <= most:
            found[-1] += text
        else:
            found.append(head + text)
    return [Piece(path=path, text=text, sensitive=sensitive) for text in found]


def batches(files: Iterable[Piece], *, most: int, apart: bool) -> tuple[Batch, ...]:
    """Pack pieces in their order. `apart`: sensitive ones share no batch with others."""
    found: list[list[Piece]] = []
    size = 0
    for piece in files:
        fits = (
            found and size + piece.size <= most and not (apart and found[-1][-1].sensitive != piece.sensitive)
        )
        if fits:
            found[-1].append(piece)
            size += piece.size
        else:
            found.append([piece])
            size = piece.size
    return tuple(Batch(pieces=tuple(group)) for group in found)

"""Layer L0: what is sensitive by its place or its form, whatever its content says. Cannot be turned off."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from gate.core.area.forms import lines
from gate.core.area.kinds import Kind, extension, is_read, kind_of
from gate.core.area.matching import Globs, folded_paths, within
from gate.core.area.model import GATE, OPAQUE, SUPPLY, Touch
from gate.core.area.scanner_tables import SCANNER_MANIFESTS, scanner_tables_changed
from gate.core.change import ABSENT, EXECUTABLE, GITLINK, REGULAR, SYMLINK, Content
from gate.core.fold import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gate.core.area.model import Area
    from gate.core.change import FileChange

#: Blobs above this are not read for words.
MAX_READ_BYTES = 1 << 20

_SCRIPTS = "sh bash zsh fish ksh csh py pl rb php lua tcl awk sed js mjs cjs ts ps1 psm1 bat cmd command run"
SCRIPT_EXTENSIONS = frozenset(_SCRIPTS.split())
#: Nothing of these asks for anybody, so what makes programs of them has to.
_NEVER_RUN = frozenset({Kind.PROSE, Kind.MEDIA, Kind.STYLE, Kind.TRANSLATION})


#: What a forge only shows to people, in the folders whose other files run or decide.
_FORGE_TEXT = re.compile(
    r"\.github/(?:issue_template/[^/]+\.(?:md|ya?ml)|(?:pull_request_template/)?[^/]*pull_request_template[^/]*\.md"
    r"|pull_request_template/[^/]+\.md|(?:contributing|code_of_conduct|security|support|governance|readme|changelog)\.md|funding\.yml)"
    r"|\.gitlab/(?:issue|merge_request)_templates/[^/]+\.md"
)


def structural(
    files: Iterable[FileChange],
    areas: Sequence[Area],
    *,
    gate_paths: Collection[str],
    manifests: Mapping[str, tuple[bytes | None, bytes | None]],
    wide: bool,
) -> Iterator[Touch]:
    """Yield the touches of layer L0. A file that exists on both sides is shown on its new side."""
    rules = [(area.id, rule.id, Globs(rule.globs)) for area in areas for rule in area.rules]
    roots = folded_paths(gate_paths)
    for file in files:
        folded = fold(file.path)
        present = "old" if file.new_mode == ABSENT else "new"
        matched = set()
        for area, rule, globs in rules:
            if (text := globs.first(file.path, folded)) is not None:
                matched.add(rule)
                if rule == "L0.ci" and _FORGE_TEXT.fullmatch(folded) and file.new_mode in (REGULAR, ABSENT):
                    continue
                yield _touch(area, rule, file, present, text=text)
        if "L0.gate-file" not in matched and within(folded, roots):
            yield _touch(GATE, "L0.gate-file", file, present, text="named by the policy or the CI file")
        if folded.rsplit("/", 1)[-1] in SCANNER_MANIFESTS and scanner_tables_changed(
            file, manifests.get(file.path)
        ):
            yield _touch(GATE, "L0.scanner", file, present, text="scanner or gate settings in this file")
        if reason := odd_path(file.path):
            yield _touch(OPAQUE, "L0.path", file, present, text=reason)
        if _bit_changed(file) and _is_script(file):
            yield _touch(OPAQUE, "L0.exec", file, present, text=f"mode {file.old_mode} → {file.new_mode}")
        for side, mode, content, size in (
            ("old", file.old_mode, file.old_content, file.old_size),
            ("new", file.new_mode, file.new_content, file.new_size),
        ):
            if mode != ABSENT:
                for area, rule, text in _blob(file.path, mode, content, size, wide=wide):
                    yield _touch(area, rule, file, side, text=text)
        yield from _pointers(file)
        yield from lines(file)


def _touch(area: str, rule: str, file: FileChange, side: str, *, text: str, line: int = 0) -> Touch:
    return Touch(area=area, layer="L0", rule=rule, path=file.path, line=line, side=side, text=text)


# -- one side of a file ------------------------------------------------------------------------------


def _blob(path: str, mode: str, content: Content, size: int, *, wide: bool) -> Iterator[tuple[str, str, str]]:
    if mode == GITLINK:
        yield SUPPLY, "L0.gitlink", "submodule"
    elif mode == SYMLINK:
        yield OPAQUE, "L0.symlink", "symbolic link"
    elif content is Content.BINARY:
        yield OPAQUE, "L0.binary", "not readable as text"
    elif content is Content.MEDIA and mode != REGULAR:
        yield OPAQUE, "L0.binary", f"media file with mode {mode}"
    elif content is Content.TEXT and mode == EXECUTABLE and kind_of(path) in _NEVER_RUN:
        yield OPAQUE, "L0.active", f"a file of this name with mode {mode}"
    elif _too_large(path, content, size, wide=wide):
        yield OPAQUE, "L0.size", f"{size:,} bytes"


def _too_large(path: str, content: Content, size: int, *, wide: bool) -> bool:
    if content is Content.LARGE and kind_of(path) in (Kind.MEDIA, Kind.OTHER):
        return True  # nothing is known of its bytes, so it could be anything
    if content in (Content.LARGE, Content.TEXT, Content.WIDE_TEXT):
        return is_read(path, wide=wide) and (content is Content.LARGE or size > MAX_READ_BYTES)
    return False


def _bit_changed(file: FileChange) -> bool:
    both_files = file.old_mode.startswith("100") and file.new_mode.startswith("100")
    return both_files and (file.old_mode == EXECUTABLE) != (file.new_mode == EXECUTABLE)


def _is_script(file: FileChange) -> bool:
    """Whether either side is a script, by extension or first line.

    The first line of the old side is seen only if it changed; lines put before it could hide that it was
    a shebang, so they count as one.
    """
    if file.shebang is not None or extension(file.path) in SCRIPT_EXTENSIONS:
        return True
    for hunk in file.hunks:
        if 0 in (hunk.old_start, hunk.new_start):
            return True
        for start, text in ((hunk.old_start, hunk.old), (hunk.new_start, hunk.new)):
            if start == 1 and text and text[0].startswith("#!"):
                return True
    return False


# -- pointers to content elsewhere ---------------------------------------------------------------------

#: A pointer of Git LFS: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER = re.compile(
    r"version https?://(?:git-lfs|hawser)\.github\.com/spec/|oid sha256:[0-9a-f]{64}\r?$|ext-\d-\w+ sha256:|/annex/objects/"
)
#: Programs of LFS take nothing longer for a pointer.
MAX_POINTER_BYTES = 1024


def _pointers(file: FileChange) -> Iterator[Touch]:
    """Yield a touch for each side that is a pointer, from whatever lines of it changed."""
    if kind_of(file.path) in (Kind.MEDIA, Kind.PROSE):
        return
    for side, mode, size in (("old", file.old_mode, file.old_size), ("new", file.new_mode, file.new_size)):
        if mode == ABSENT or size > MAX_POINTER_BYTES:
            continue
        for hunk in file.hunks:
            start, lines = (hunk.old_start, hunk.old) if side == "old" else (hunk.new_start, hunk.new)
            hit = next((n for n, line in enumerate(lines, start) if _POINTER.match(line)), 0)
            if hit:
                yield _touch(
                    OPAQUE, "L0.lfs", file, side, line=hit, text="a pointer to content that is kept elsewhere"
                )
                break


# -- paths -------------------------------------------------------------------------------------------

_HIDDEN_IN_PATH = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
#: Windows drops dots and blanks at the end of a name and what stands behind a colon, and knows short names.
_ALIAS = re.compile(
    r"[^/. ]+[. ]+(?=/|$)|\.[^/]*[^/. ][. ]+(?=/|$)|[^/]*::?\$[A-Za-z_]+|[^/~ ]{1,6}~\d(?:\.\w{1,3})?(?=/|$)|[^/]+\\[^/]*"
)
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_LOOKING_LIKE_LATIN = ("CYRILLIC", "GREEK")


def odd_path(path: str) -> str:
    """Return why a path cannot be judged by reading it, or an empty string."""
    if alias := _ALIAS.search(path):
        return f"some systems open another file for {alias[0]!r}"
    if path.isascii() and path.isprintable():
        return ""
    if _NOT_UTF8.search(path):
        return "path is not UTF-8"
    if hidden := _HIDDEN_IN_PATH.search(path):
        return f"path has the invisible character U+{ord(hidden[0]):04X}"
    for component in path.split("/"):
        scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in component if letter.isalpha()}
        if "LATIN" in scripts and (other := scripts.intersection(_LOOKING_LIKE_LATIN)):
            return f"path mixes Latin and {min(other).title()} letters"
    return ""

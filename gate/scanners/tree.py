"""The private folder that scanners read: files of one side of a change, outside any git work tree."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from gate.core.facts import Excluded
from gate.errors import ScannerError
from gate.scanners import languages
from gate.scanners.names import collision_key, is_never_written, written_name
from gate.scanners.readable import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from types import TracebackType

    from gate.core.finding import Sighting
    from gate.core.glob import Glob
    from gate.core.scan import AreaHit
    from gate.core.source.outline import Outline

DEFAULT_MAX_FILE_BYTES = 5_000_000

_REGULAR = frozenset({"100644", "100755", "100664"})
_MARKS = re.compile(rb"(?i)nosem")
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PLAIN = re.compile(
    rb"utf-?8(-sig)?|u8|(us-)?ascii|646|l(atin)?-?[1-9]|latin-?10|iso-?8859-?\d+|iso-ir-\d+|"
    rb"(cp|windows-)125\d|koi8-[rtu]|euc-?(kr|jp)|cp949|uhc|ks-?c-?5601"
)
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file to be scanned: its path as git has it (surrogateescape), git's mode, and its whole content.

    `too_large` marks a file whose content was not even loaded; it is accounted for by its name alone.
    """

    path: str
    mode: str
    data: bytes
    too_large: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeFile:
    """What became of a target.

    `written` is its name below the root, not always `path`; it is empty if no scanner can read the file,
    and then `reason` says why: `encoding`, `too-large` or `binary`. `on_disk`: it was really put there,
    for not all is known of it already. `digest` is the SHA-256 of its content in git. `language` is a key
    of languages.LANGUAGES or empty. `bom`: a byte order mark was cut off. `blanked`: see gate.scanners.readable. `nosem` (any case) and `nosec`:
    these bytes occur. `outline`: not the whole file is what scanners read (or read before), but only that
    of it; `digest` and `size` are then of the outline.
    """

    path: str
    written: str = ""
    on_disk: bool = False
    digest: str = ""
    reason: str = ""
    language: str = ""
    executable: bool = False
    size: int = 0
    bom: bool = False
    blanked: bool = False
    nosem: bool = False
    nosec: bool = False
    outline: Outline | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What one scanner said about one file in an earlier run, all of it."""

    sightings: tuple[Sighting, ...] = ()
    area_hits: tuple[AreaHit, ...] = ()


class Recalled(NamedTuple):
    """What is known of a file, by scanner. `complete`: no scanner has to read it any more."""

    known: Mapping[str, Known]
    complete: bool


class Memory(Protocol):
    """Knows what scanners said about files before."""

    def recall(self, file: TreeFile) -> Recalled:
        """Return what is known of a file under just this name, mode and content."""
        ...


@dataclass(slots=True, kw_only=True)
class TargetTree:
    """One side of a change on disk. A context manager: leaving it removes everything, always.

    `root` holds the files and an empty `.semgrepignore`; `private` is its parent, where runs of scanners
    put their own folders. `files` is by path as git has it, in byte order; symlinks, submodules and files
    that give orders to scanners are not in it. `excluded` are files that the policy excludes. `known` is
    what earlier runs said, by scanner and path; a file of which all is known is not on disk. `wholes` is a
    tree of those files that this one has outlines of.
    """

    private: Path
    root: Path
    files: Mapping[str, TreeFile]
    excluded: tuple[Excluded, ...] = ()
    known: Mapping[str, Mapping[str, Known]] = field(default_factory=dict)
    wholes: TargetTree | None = None
    _paths: dict[str, str] = field(default_factory=dict)

    @classmethod
    def write(
        cls,
        targets: Iterable[Target],
        *,
        max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
        exclude: tuple[Glob, ...] = (),
        memory: Memory | None = None,
        outlined: Callable[[TreeFile, bytes], Outline | None] = lambda _file, _data: None,
    ) -> Self:
        """Write the targets, one at a time, so that no more than one content is in memory.

        `outlined` gives the outline in whose place the whole file need not be read, unless all is known of it.
        Raises ScannerError if there is no place for it. Nothing is left behind after an exception.
        """
        private = _private_folder()
        try:
            root = private / "tree"
            writer = _Writer(root, max_file_bytes, memory, outlined)
            excluded = []
            for target in targets:
                if target.mode not in _REGULAR or is_never_written(target.path):
                    continue
                glob = next((glob for glob in exclude if glob.matches(target.path)), None)
                if glob:
                    excluded.append(Excluded(path=target.path, glob=glob.text))
                else:
                    writer.add(target)
        except BaseException:
            _remove(private)
            raise
        paths = {file.written: file.path for file in writer.files.values() if file.written}
        wholes = cls(
            private=private, root=writer.whole, files=writer.wholes, known=writer.known_wholes, _paths=paths
        )
        return cls(
            private=private,
            root=root,
            files=dict(sorted(writer.files.items(), key=lambda item: os.fsencode(item[0]))),
            excluded=tuple(sorted(excluded, key=lambda e: os.fsencode(e.path))),
            known=writer.known,
            wholes=wholes,
            _paths=paths,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder, whatever permissions a scanner left in it. May be called twice."""
        _remove(self.private)

    def path_of(self, written: str) -> str | None:
        """Return the path in git of a name below the root, or None if the gate did not write it."""
        return self._paths.get(written)

    def known_to(self, scanner: str) -> Mapping[str, Known]:
        """Return what a scanner said in earlier runs, by path; those files it need not read."""
        return self.known.get(scanner, {})

    def read(self, path: str) -> bytes | None:
        """Return the content of a file as it is in git; None if it is not on disk, or not as it is in git."""
        file = self.files[path]
        if file.outline and self.wholes:
            return self.wholes.read(path)
        as_it_is = file.on_disk and not file.bom and not file.blanked
        return (self.root / file.written).read_bytes() if as_it_is else None

    def part(self, paths: Collection[str], *, forget: bool = True) -> TargetTree:
        """Return a tree of some of these files; it lives as long as this one.

        What is known of them is forgotten, unless told otherwise.
        """
        files = {path: self.files[path] for path in self.files if path in paths}
        known = {
            scanner: {path: said for path, said in of.items() if path in files and not forget}
            for scanner, of in self.known.items()
        }
        return replace(self, files=files, root=self.view(list(files)), excluded=(), known=known)

    def folder(self, purpose: str) -> Path:
        """Return a new empty folder beside the root, for a run of a scanner."""
        return Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=self.private))

    def view(self, paths: Collection[str]) -> Path:
        """Return a new root that holds only these files (paths in git), under the same names."""
        root = self.folder("view")
        _semgrepignore(root)
        made = {""}
        for path in paths:
            written = self.files[path].written
            folder = written.rpartition("/")[0]
            if folder not in made:
                (root / folder).mkdir(parents=True, exist_ok=True)
                made.add(folder)
            try:
                os.link(self.root / written, root / written)
            except OSError:  # a file system without hard links
                shutil.copy2(self.root / written, root / written)
        return root


class _Writer:
    """Puts targets into the root and remembers what became of each."""

    def __init__(
        self,
        root: Path,
        max_file_bytes: int,
        memory: Memory | None,
        outlined: Callable[[TreeFile, bytes], Outline | None],
    ) -> None:
        root.mkdir()
        _semgrepignore(root)
        self.files: dict[str, TreeFile] = {}
        self.known: dict[str, dict[str, Known]] = {}
        self.whole = root.with_name("whole")
        self.wholes: dict[str, TreeFile] = {}
        self.known_wholes: dict[str, dict[str, Known]] = {}
        self._root = root
        self._max_file_bytes = max_file_bytes
        self._memory = memory
        self._outlined = outlined
        self._taken = {".semgrepignore"}
        self._folders = {root}

    def add(self, target: Target) -> None:
        data = target.data
        executable = target.mode == "100755"
        language = languages.language(target.path, executable=executable, data=data)
        reason = "too-large" if target.too_large else self._refusal(data, language)
        bom = not reason and data.startswith(codecs.BOM_UTF8)
        file = TreeFile(
            path=target.path,
            digest=hashlib.sha256(data).hexdigest(),
            reason=reason,
            language=language,
            executable=executable,
            size=len(data),
            bom=bom,
            nosem=not reason and _MARKS.search(data) is not None,
            nosec=not reason and b"nosec" in data,
        )
        if not reason:
            name = target.path.rpartition("/")[2]
            extension = languages.written_extension(name, language)
            # A mark in front of a Python file makes Semgrep lose its first statement without a word.
            content = data[len(codecs.BOM_UTF8) :] if bom else data
            outline = None if bom else self._outlined(file, data)
            file = self._put(file, extension, content, outline)
        self.files[target.path] = file

    def _refusal(self, data: bytes, language: str) -> str:
        if len(data) > self._max_file_bytes:
            return "too-large"
        start = data[:1024]
        if start.startswith(_WIDE) or (language and start.count(0) * 3 > len(start)):
            return "encoding"
        if language == "python" and not _is_plain(data):
            return "encoding"
        return "binary" if not language and 0 in start else ""

    def _put(self, file: TreeFile, extension: str, content: bytes, outline: Outline | None) -> TreeFile:
        """Give a file its path's own name, or an alias if that cannot be had, and write it if need be."""
        for attempt in range(4):
            name = written_name(file.path, extension=extension, attempt=attempt)
            key = collision_key(name)
            if key in self._taken:
                continue
            named = replace(file, written=name)
            recalled = self._recall(named)
            try:
                if outline and not recalled.complete:
                    self.wholes[file.path] = self._written(self.whole, named, content)
                    _add(self.known_wholes, file.path, recalled)
                    content, size = outline.data, len(outline.data)
                    digest = hashlib.sha256(content).hexdigest()
                    named = replace(named, digest=digest, size=size, outline=outline)
                    recalled = self._recall(named)
                if not recalled.complete:
                    named = self._written(self._root, named, content)
            except (FileExistsError, NotADirectoryError):
                continue
            except OSError as error:
                raise ScannerError(
                    f"the scanners' folder cannot be written: {error.strerror}",
                    hint="Free some space there, or point TMPDIR to another place.",
                ) from error
            self._taken.add(key)
            _add(self.known, file.path, recalled)
            return named
        raise ScannerError(f"no name could be found for {file.path!r} in the scanners' folder")

    def _recall(self, file: TreeFile) -> Recalled:
        return self._memory.recall(file) if self._memory else Recalled({}, complete=False)

    def _written(self, root: Path, file: TreeFile, content: bytes) -> TreeFile:
        shown = readable(content, file.language)
        place = root / file.written
        if place.parent not in self._folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(place.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        permissions = 0o700 if file.executable else 0o600
        with open(os.open(place, flags, permissions), "wb") as stream:  # noqa: PTH123
            stream.write(shown)
        return replace(file, on_disk=True, blanked=shown is not content)


def _add(known: dict[str, dict[str, Known]], path: str, recalled: Recalled) -> None:
    for scanner, said in recalled.known.items():
        known.setdefault(scanner, {})[path] = said


def _is_plain(data: bytes) -> bool:
    """Whether a Python file is in an encoding that leaves ASCII alone.

    In others (unicode_escape, utf-7, shift_jis) Python and Bandit read code where Semgrep sees a comment.
    """
    for line in data[:4096].splitlines()[:2]:  # PEP 263
        found = _DECLARED.match(line)
        if found:
            return _PLAIN.fullmatch(found[1].lower().replace(b"_", b"-")) is not None
    return True


def _semgrepignore(root: Path) -> None:
    """Without this file both engines silently skip `tests/`, `vendor/`, `*.min.js` and more."""
    (root / ".semgrepignore").touch(mode=0o600)


def _private_folder() -> Path:
    """Make a folder that is in no git work tree: there Semgrep would obey that repository's files."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")):  # noqa: S108
        resolved = Path(place).resolve()
        if any((parent / ".git").exists() for parent in (resolved, *resolved.parents)):
            continue
        try:
            return Path(tempfile.mkdtemp(prefix="gate-", dir=resolved)).resolve()
        except OSError:
            continue
    raise ScannerError(
        "there is no temporary folder outside a git work tree to put the scanners' files in",
        hint="Point TMPDIR to a folder that is in no git repository and has space.",
    )


def _remove(folder: Path) -> None:
    def open_up(_call: object, path: str, _error: object) -> None:
        # A scanner may have left a folder without permissions. Its parent decides about removal.
        for place in (Path(path).parent, Path(path)):
            if not place.is_symlink() and place.is_dir():
                place.chmod(stat.S_IRWXU)

    if folder.exists():
        shutil.rmtree(folder, onerror=open_up)
        shutil.rmtree(folder, ignore_errors=True)

"""The private folder that scanners read: files of one side of a change, outside any git work tree."""

from __future__ import annotations

import codecs
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gate.core.facts import Excluded
from gate.errors import ScannerError
from gate.scanners import languages
from gate.scanners.names import collision_key, is_never_written, written_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from types import TracebackType

    from gate.core.glob import Glob

DEFAULT_MAX_FILE_BYTES = 5_000_000

_REGULAR = frozenset({"100644", "100755", "100664"})
_MARKS = re.compile(rb"(?i)nosem")
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

    `written` is its name below the root, not always `path`; it is empty if the file was not written,
    and then `reason` says why: `encoding`, `too-large` or `binary`. `language` is a key of
    languages.LANGUAGES or empty. `bom`: a byte order mark was cut off. `nosem` (any case) and `nosec`:
    these bytes occur.
    """

    path: str
    written: str = ""
    reason: str = ""
    language: str = ""
    executable: bool = False
    size: int = 0
    bom: bool = False
    nosem: bool = False
    nosec: bool = False


@dataclass(slots=True, kw_only=True)
class TargetTree:
    """One side of a change on disk. A context manager: leaving it removes everything, always.

    `root` holds the files and an empty `.semgrepignore`; `private` is its parent, where runs of scanners
    put their own folders. `files` is by path as git has it, in byte order; symlinks, submodules and files
    that give orders to scanners are not in it. `excluded` are files that the policy excludes.
    """

    private: Path
    root: Path
    files: Mapping[str, TreeFile]
    excluded: tuple[Excluded, ...] = ()
    _paths: dict[str, str] = field(default_factory=dict)

    @classmethod
    def write(
        cls,
        targets: Iterable[Target],
        *,
        max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
        exclude: tuple[Glob, ...] = (),
    ) -> Self:
        """Write the targets, one at a time, so that no more than one content is in memory.

        Raises ScannerError if there is no place for it. Nothing is left behind after an exception.
        """
        private = _private_folder()
        try:
            root = private / "tree"
            writer = _Writer(root, max_file_bytes)
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
        return cls(
            private=private,
            root=root,
            files=dict(sorted(writer.files.items(), key=lambda item: os.fsencode(item[0]))),
            excluded=tuple(sorted(excluded, key=lambda e: os.fsencode(e.path))),
            _paths={file.written: file.path for file in writer.files.values() if file.written},
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

    def __init__(self, root: Path, max_file_bytes: int) -> None:
        root.mkdir()
        _semgrepignore(root)
        self.files: dict[str, TreeFile] = {}
        self._root = root
        self._max_file_bytes = max_file_bytes
        self._taken = {".semgrepignore"}
        self._folders = {""}

    def add(self, target: Target) -> None:
        data = target.data
        executable = target.mode == "100755"
        language = languages.language(target.path, executable=executable, data=data)
        reason = "too-large" if target.too_large else self._refusal(data, language)
        bom = not reason and data.startswith(codecs.BOM_UTF8)
        written = ""
        if not reason:
            name = target.path.rpartition("/")[2]
            extension = languages.written_extension(name, language)
            # A mark in front of a Python file makes Semgrep lose its first statement without a word.
            content = memoryview(data)[len(codecs.BOM_UTF8) :] if bom else data
            written = self._put(target.path, extension, content, 0o700 if executable else 0o600)
        self.files[target.path] = TreeFile(
            path=target.path,
            written=written,
            reason=reason,
            language=language,
            executable=executable,
            size=len(data),
            bom=bom,
            nosem=bool(written) and _MARKS.search(data) is not None,
            nosec=bool(written) and b"nosec" in data,
        )

    def _refusal(self, data: bytes, language: str) -> str:
        if len(data) > self._max_file_bytes:
            return "too-large"
        start = data[:1024]
        if start.startswith(_WIDE) or (language and start.count(0) * 3 > len(start)):
            return "encoding"
        return "binary" if not language and 0 in start else ""

    def _put(self, path: str, extension: str, content: bytes | memoryview, permissions: int) -> str:
        """Write under the path's own name, or under an alias if that name cannot be had."""
        for attempt in range(4):
            name = written_name(path, extension=extension, attempt=attempt)
            key = collision_key(name)
            if key in self._taken:
                continue
            try:
                self._make_folder(name.rpartition("/")[0])
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
                with open(os.open(self._root / name, flags, permissions), "wb") as stream:  # noqa: PTH123
                    stream.write(content)
            except (FileExistsError, NotADirectoryError):
                continue
            except OSError as error:
                raise ScannerError(
                    f"the scanners' folder cannot be written: {error.strerror}",
                    hint="Free some space there, or point TMPDIR to another place.",
                ) from error
            self._taken.add(key)
            return name
        raise ScannerError(f"no name could be found for {path!r} in the scanners' folder")

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders:
            (self._root / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)


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

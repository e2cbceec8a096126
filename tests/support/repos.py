"""A builder of real git repositories with fixed names, dates and environment.

    repo = Repo(tmp_path / "r")
    first = repo.commit({"a.py": "x = 1\n", b"caf\\xe9.py": b"\\xff"}, message="start")
    repo.branch("topic")
    repo.checkout("topic")
    second = repo.commit({"a.py": None, "b.py": "y\n"}, author=("Bob", "bob@x.example"))

A commit is one `git fast-import`, so any path and any bytes work and the work tree is not touched:
`checkout` (or `repo.git("reset", "--hard")`) fills it. Branch `main` is current at the start.
"""

from __future__ import annotations

import functools
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Text = str | bytes
#: Seconds since 1970 of the first commit; each further one is a minute later.
EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z
DEV = ("Dev", "dev@acme.example")


def git_environment(home: Path | str = "/nonexistent") -> dict[str, str]:
    """An environment for git in which nothing of the developer's machine has a say."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": DEV[0],
        "GIT_AUTHOR_EMAIL": DEV[1],
        "GIT_AUTHOR_DATE": f"{EPOCH} +0000",
        "GIT_COMMITTER_NAME": DEV[0],
        "GIT_COMMITTER_EMAIL": DEV[1],
        "GIT_COMMITTER_DATE": f"{EPOCH} +0000",
    }


def as_bytes(text: Text) -> bytes:
    """Bytes of a path or content; lone surrogates become the bytes that they stand for."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


class Repo:
    """A git repository under `path`; created there unless `init=False`."""

    def __init__(
        self, path: Path, *, bare: bool = False, object_format: str = "sha1", init: bool = True
    ) -> None:
        self.path = Path(path)
        self.bare = bare
        self.ticks = 0
        if init:
            self.path.mkdir(parents=True, exist_ok=True)
            options = ["--bare"] if bare else []
            self.git("init", "-q", "-b", "main", f"--object-format={object_format}", *options)

    @property
    def git_dir(self) -> Path:
        """The folder with objects and refs (of a plain work tree or a bare repository)."""
        return self.path if self.bare else self.path / ".git"

    def git(self, *arguments: Text | Path, stdin: bytes = b"", check: bool = True) -> str:
        """Run git and return its output without the last line end; a failure raises with git's words."""
        return (
            self.git_bytes(*arguments, stdin=stdin, check=check)
            .decode("utf-8", "surrogateescape")
            .rstrip("\n")
        )

    def git_bytes(self, *arguments: Text | Path, stdin: bytes = b"", check: bool = True) -> bytes:
        """Like `git`, with the output as it came."""
        command = [b"git", *(as_bytes(os.fspath(a)) for a in arguments)]
        done = subprocess.run(
            command, cwd=self.path, env=git_environment(), input=stdin, capture_output=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"{command} exited with {done.returncode}: {done.stderr!r}")
        return done.stdout

    @functools.cached_property
    def empty_tree(self) -> str:
        """The id of the tree without files."""
        return self.git("mktree")

    # -- writing -------------------------------------------------------------------------------------

    def commit(
        self,
        files: Mapping[Text, Text | None] | None = None,
        *,
        message: Text = "change\n",
        author: tuple[Text, Text] = DEV,
        committer: tuple[Text, Text] | None = None,
        date: str | None = None,
        parents: Sequence[str] | None = None,
        tree: str | None = None,
        executable: Collection[Text] = (),
        symlinks: Mapping[Text, Text] | None = None,
        gitlinks: Mapping[Text, str] | None = None,
    ) -> str:
        """Commit on the current branch and return the full id.

        `files` maps a path to its content, or to None to delete it; all other paths stay as in the first
        parent, or as in `tree` if that is given. `parents` defaults to the current tip, `()` makes a root.
        `executable` names paths of `files`, or existing ones whose bit is to be set. `committer` defaults
        to `author`. `date` is git's raw format ("1767225600 +0200") and serves both roles.
        """
        if parents is None:
            tip = self.git("rev-parse", "-q", "--verify", "HEAD", check=False)
            parents = [tip] if tip else []
        if date is None:
            date = f"{EPOCH + 60 * self.ticks} +0000"
        self.ticks += 1
        bits = {as_bytes(path) for path in executable}
        head = (self.git_dir / "HEAD").read_text().strip()
        ref = head.removeprefix("ref: ") if head.startswith("ref: ") else "refs/builder/detached"
        raw_ref = ref.encode()
        lines = [b"feature done\n", b"reset ", raw_ref, b"\n\n", b"commit ", raw_ref, b"\nmark :1\n"]
        for role, (name, email) in ((b"author", author), (b"committer", committer or author)):
            lines += [role, b" ", as_bytes(name), b" <", as_bytes(email), b"> ", as_bytes(date), b"\n"]
        lines += [_data(as_bytes(message))]
        lines += [
            b"%s %s\n" % (b"merge" if number else b"from", parent.encode())
            for number, parent in enumerate(parents)
        ]
        if tree is not None:
            lines += [b'M 040000 %s ""\n' % tree.encode()]
        for path, content in (files or {}).items():
            raw = as_bytes(path)
            if content is None:
                lines += [b"D ", _quoted(raw), b"\n"]
            else:
                mode = b"100755" if raw in bits else b"100644"
                lines += [b"M ", mode, b" inline ", _quoted(raw), b"\n", _data(as_bytes(content))]
        named = {as_bytes(path) for path in files or {}}
        for raw in sorted(bits - named):
            blob = self.git("rev-parse", (tree or parents[0]).encode() + b":" + raw)
            lines += [b"M 100755 ", blob.encode(), b" ", _quoted(raw), b"\n"]
        for path, target in (symlinks or {}).items():
            lines += [b"M 120000 inline ", _quoted(as_bytes(path)), b"\n", _data(as_bytes(target))]
        for path, sha in (gitlinks or {}).items():
            lines += [b"M 160000 ", sha.encode(), b" ", _quoted(as_bytes(path)), b"\n"]
        lines += [b"get-mark :1\ndone\n"]
        sha = self.git("fast-import", "--quiet", "--force", stdin=b"".join(lines)).strip()
        if ref == "refs/builder/detached":
            self.git("update-ref", "--no-deref", "HEAD", sha)
            self.git("update-ref", "-d", ref)
        return sha

    def commit_object(self, content: bytes, *, ref: str | None = None) -> str:
        """Store the raw text of a commit object, however broken, and return its id; `ref` is set to it."""
        sha = self.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=content)
        if ref is not None:
            (self.git_dir / ref).write_text(sha + "\n")
        return sha

    def merge(
        self,
        other: str,
        *,
        message: Text = "Merge\n",
        author: tuple[Text, Text] = DEV,
        committer: tuple[Text, Text] | None = None,
        files: Mapping[Text, Text | None] | None = None,
    ) -> str:
        """Merge `other` into the current branch with a merge commit, and return its id.

        `files` are written over the automatic result: the resolution of a conflict, or an evil merge. A
        conflict whose paths `files` does not name is an error.
        """
        printed = self.git_bytes(
            "merge-tree", "--write-tree", "-z", "--name-only", "HEAD", other, check=False
        )
        tree, *rest = printed.split(b"\0")
        conflicts = set(rest[: rest.index(b"")])
        unresolved = conflicts - {as_bytes(path) for path in files or {}}
        if unresolved:
            raise AssertionError(f"unresolved conflicts in {sorted(unresolved)}")
        parents = [self.rev("HEAD"), self.rev(other)]
        return self.commit(
            files, message=message, author=author, committer=committer, parents=parents, tree=tree.decode()
        )

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Create or move a branch that is not the current one."""
        self.git("branch", "-f", name, at)

    def checkout(self, name: str, *, create: bool = False) -> None:
        """Make a branch or commit current and fill the work tree with it (bare: only HEAD moves)."""
        if create:
            self.branch(name)
        if self.bare:
            self.git("symbolic-ref", "HEAD", f"refs/heads/{name}")
        else:
            self.git("checkout", "-q", "-f", name)

    def tag(self, name: str, at: str = "HEAD", *, message: str | None = None) -> None:
        """Create a lightweight tag, or an annotated one if there is a message."""
        self.git("tag", *(["-a", "-m", message] if message is not None else []), name, at)

    def config(self, key: str, value: str) -> None:
        """Set a key in the repository's own configuration."""
        self.git("config", key, value)

    def blob(self, content: Text) -> str:
        """Store a blob and return its id."""
        return self.git("hash-object", "-w", "--stdin", "--no-filters", stdin=as_bytes(content))

    # -- reading -------------------------------------------------------------------------------------

    def rev(self, revision: str = "HEAD") -> str:
        """The full commit id of a revision."""
        return self.git("rev-parse", "--verify", f"{revision}^{{commit}}")

    def tree(self, revision: str = "HEAD") -> str:
        """The full id of a revision's tree."""
        return self.git("rev-parse", "--verify", f"{revision}^{{tree}}")

    def clone(self, path: Path, *options: str) -> Repo:
        """Clone over the file transport (so `--depth 1` works) and return the clone."""
        self.git("clone", "-q", *options, f"file://{self.path}", path)
        return Repo(path, bare="--bare" in options, init=False)


def _quoted(path: bytes) -> bytes:
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)

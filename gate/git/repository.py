"""A git repository that may be hostile, read as facts.

Names (branches, tags, `HEAD~1`) are resolved in the repository itself. All else is read through a view: a
private, empty, bare repository that borrows the objects of the real one. It has no configuration,
attributes, mailmap, index, work tree, hooks, replace refs, grafts or remotes, so none of them can change
what is read, run a program, or be changed.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gate.core.change import ChangeSet, change_digest, path_bytes
from gate.errors import GitError
from gate.git import compare, history, log, objects
from gate.git.command import Git
from gate.git.location import locate, name_of_url
from gate.git.names import Names
from gate.git.notes import NOTES_REFS, NotesRef
from gate.git.origins import Origins

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from gate.core.change import Commit, FileChange, RawCommit
    from gate.core.release.model import Tag
    from gate.git.added import Added
    from gate.git.evidence import GitRecords, Remote
    from gate.git.objects import TreeEntry
    from gate.git.requests import Asked, Paths, Source
    from gate.git.staging import Staging

#: Blobs above this many bytes are not read as part of a change.
MAX_FILE_BYTES = 5_000_000

SHALLOW_HINT = (
    'fetch the whole history: `fetch-depth: 0` in actions/checkout, `GIT_DEPTH: "0"` in GitLab CI, '
    "`git fetch --unshallow` by hand"
)


class Repository:
    """One repository, opened once; as a context manager it removes its temporary folder on exit.

    Every method raises GitError if the repository cannot give the facts. Commit ids in answers are full.
    """

    def __init__(self, git_dir: Path, root: Path | None) -> None:
        """Prepare the view. Use `open`."""
        self.root = root
        self._git_dir = git_dir
        folder = Path(tempfile.mkdtemp(prefix="gate-git-"))
        self._remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        empty = folder / "empty"
        empty.mkdir()
        self._real = Git(git_dir, empty, bare=False)
        self._names = Names(self._real)
        answers = self._real.run(
            "rev-parse",
            "--is-shallow-repository",
            "--show-object-format",
            "--path-format=absolute",
            "--git-common-dir",
        ).text.split("\n", 2)
        self._shallow = answers[0] == "true"
        self._common_dir = Path(answers[2])
        self._folder, self._format = folder, answers[1]
        self._view = Git(_make_view(folder / "view", self._common_dir / "objects", answers[1]), empty)
        # Objects never change: what was once looked up is not asked for again.
        self._commits: set[str] = set()
        self._paths: tuple[str, tuple[str, ...]] = ("", ())
        self._origins: Origins | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open the repository that holds `path`: a work tree or a folder in it, a bare repository, a `.git`.

        `GIT_DIR` and its like in the environment have no say, nor has the owner of the files.
        """
        location = locate(Path(path))
        try:
            return cls(location.git_dir, location.root)
        except GitError as error:
            raise GitError(f"{location.git_dir}: {error.message}", hint=error.hint) from error

    def close(self) -> None:
        """Remove the temporary folder. The repository cannot be used afterwards."""
        self._real.objects.close()
        self._view.objects.close()
        self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def name(self) -> str:
        """`host/group/repo` of the remote `origin` without credentials, else the name of the folder."""
        found = self._real.run("config", "-z", "--get", "remote.origin.url", codes=(0, 1))
        url = found.text.rstrip("\0")
        folder = self.root or self._git_dir
        return (name_of_url(url) if url else None) or folder.name.removesuffix(".git") or str(folder)

    # -- revisions -------------------------------------------------------------------------------------

    def resolve(self, revision: str) -> str:
        """Return the full id of the commit that a branch, tag, id or expression such as `HEAD~1` names.

        Raises GitError for a name that is unknown, ambiguous, no commit, a range or an option.
        """
        if not revision or revision.startswith("-") or "\0" in revision or "\n" in revision:
            raise GitError(f"{revision!r} cannot be a revision", hint="give a branch, a tag or a commit id")
        if ".." in revision:
            raise GitError(
                f"{revision!r} is a range, and one commit is needed here",
                hint="give its two ends as base and head",
            )
        if revision in self._commits:
            return revision
        sha = revision if log.FULL_ID.fullmatch(revision) else self._names.look_up(revision)
        found, commit = objects.headers(self._view, [sha, f"{sha}^{{commit}}"])
        if found is None:
            raise GitError(
                f"{revision}: object {sha} is not in this clone",
                hint=f"fetch it: `git fetch origin {sha}`, or clone with the whole history and all branches",
            )
        if commit is None:
            raise GitError(
                f"{revision} is a {found.kind} and not a commit", hint="give a branch, a tag or a commit id"
            )
        self._commits.add(commit.sha)
        return commit.sha

    @cached_property
    def _special_refs(self) -> tuple[dict[str, str], str]:
        """The ids of replace refs and notes refs by name, and what git said of broken ones."""
        printed = self._real.run(
            "for-each-ref", "--format=%(objectname) %(refname)", "refs/replace", *NOTES_REFS.values()
        )
        rows = (row.split(" ", 1) for row in printed.text.split("\n") if row)
        return {name: sha for sha, name in rows}, printed.err

    def is_shallow(self) -> bool:
        """Whether history is cut off somewhere, which makes merge bases and ranges unreliable."""
        return self._shallow

    def tag(self, name: str) -> Tag:
        """Return a tag by its name, with or without refs/tags/; what is wrong with it stands in its `problem`.

        Raises GitError if there is no such tag, or nothing that it names is in this clone.
        """
        from gate.git import line  # noqa: PLC0415 - only releases ask

        plain = name.removeprefix(line.PREFIX)
        if not plain or plain.startswith("-") or re.search(r"[\0\s~^:?*\[\\]|\.\.|@\{", plain):
            raise GitError(
                f"{name!r} cannot be the name of a tag", hint="Give the name of a tag, such as v1.2.0."
            )
        try:
            sha = self._names.look_up(line.PREFIX + plain)
        except GitError as error:
            raise GitError(
                f"{plain} is no tag of this clone", hint="Fetch the tags: `git fetch --tags origin`."
            ) from error
        return line.read_tag(self._view, plain, sha)

    def step_rows(self, steps: Sequence[tuple[str, str | None]]) -> Iterator[tuple[FileChange, ...]]:
        """Yield what each commit changes against the parent given with it (None: all that it has); see gate.git.line."""
        from gate.git.line import step_rows  # noqa: PLC0415

        yield from step_rows(self._view, steps)

    def line_digests(self, tip: str, *, until: Collection[str], most: int) -> tuple[tuple[str, str], ...]:
        """Return id and change digest of the steps on the first parents from `tip` on; see gate.git.line."""
        from gate.git.line import line_digests  # noqa: PLC0415

        return line_digests(self._view, tip, until=until, most=most)

    def with_contents(
        self, rows: Sequence[FileChange], *, max_bytes: int = MAX_FILE_BYTES
    ) -> tuple[FileChange, ...]:
        """Return rows of any comparisons with what is known of their contents, and the lines that differ."""
        plain = [compare.Row(r.path, r.old_mode, r.old_blob, r.new_mode, r.new_blob) for r in rows]
        # Rows beside those of one comparison: nobody asks which of them are renames of each other.
        _, found, _ = compare.file_changes(self._view, "", "", (), plain, max_bytes=max_bytes)
        return found

    def merged_trees(self, pairs: Sequence[tuple[str, str]]) -> list[str | None]:
        """Return the tree that git makes of merging each pair of commits, None for a conflict or where it cannot tell."""
        return history.merged_trees(self._view, pairs) if pairs else []

    def trees_of(self, commits: Sequence[str]) -> dict[str, str]:
        """Return the trees of those commits (full ids) that this clone has."""
        from gate.git.line import trees  # noqa: PLC0415

        return trees(self._view, commits)

    def mark_merges(self, commits: Sequence[Commit]) -> tuple[Commit, ...]:
        """Return the commits with `update_merge` set where one parent is outside of them and git merges so by itself."""
        return history.mark_update_merges(self._view, commits)

    def on_first_parents(self, tips: Iterable[str], wanted: Collection[str]) -> frozenset[str]:
        """Return those of the `wanted` commits on the first parents of one of `tips` (full ids)."""
        from gate.git.line import on_first_parents  # noqa: PLC0415

        return on_first_parents(self._view, tips, wanted)

    def default_base(self) -> str:
        """Return the upstream's default branch as a revision, such as `origin/main`.

        Raises GitError where nothing but a guess is left; the hint names `--base`.
        """
        return self._names.default_base()

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """Whether `descendant` is or contains `ancestor`. A shallow history cannot tell: GitError."""
        self._need_whole_history()
        ids = self.resolve(ancestor), self.resolve(descendant)
        return self._view.run("merge-base", "--is-ancestor", *ids, codes=(0, 1)).code == 0

    def _need_whole_history(self) -> None:
        if self._shallow:
            raise GitError(
                "the history is shallow, so what the change consists of is unknown", hint=SHALLOW_HINT
            )

    # -- changes ---------------------------------------------------------------------------------------

    def change(
        self, base: str, head: str, *, target: str | None = None, max_file_bytes: int = MAX_FILE_BYTES
    ) -> ChangeSet:
        """Return all facts of the change from the merge base of `base` and `head` to `head`.

        `base` is the tip of the target branch; `target` its full ref name, by default derived from `base`.
        Blobs above `max_file_bytes` are named and never loaded. If `head` brings nothing, the answer has
        neither files nor commits. Raises GitError for a shallow history and for unrelated ones.
        """
        base_sha, head_sha, bases = self._ends(base, head)
        rows_by_base = [compare.compare(self._view, one, head_sha) for one in bases]
        rows = rows_by_base[0]
        known = set(rows)
        other_rows = sorted(
            {row for others in rows_by_base[1:] for row in others if row not in known},
            key=lambda row: (path_bytes(row.path), row),
        )
        files, other_files, renames = compare.file_changes(
            self._view, bases[0], head_sha, rows, other_rows, max_bytes=max_file_bytes
        )
        commits = tuple(history.commits(self._view, head_sha, since=base_sha))
        return ChangeSet(
            repo=self.name,
            target=target or self._names.full_name(base),
            base=base_sha,
            merge_base=bases[0],
            merge_bases=bases,
            head=head_sha,
            files=files,
            other_files=other_files,
            renames=renames,
            commits=history.mark_update_merges(self._view, commits),
            change_digest=change_digest(compare.bare_changes(each) for each in rows_by_base),
            notes=self._notes(head_sha),
        )

    def change_digest(self, base: str, head: str) -> str:
        """Return the digest of the change from the merge base of `base` and `head` to `head`, as `change` has it."""
        _, head_sha, bases = self._ends(base, head)
        return change_digest(
            compare.bare_changes(compare.compare(self._view, one, head_sha)) for one in bases
        )

    def changed_since(self, base: str, old: str, new: str) -> tuple[str, ...]:
        """Return the paths of the changes that `old` and `new` bring to `base` where the two are not the same.

        Files that only `base` changed in between, and neither of the two, are not named.
        """
        rows = []
        for head in (old, new):
            _, sha, bases = self._ends(base, head)
            rows.append({row for one in bases for row in compare.compare(self._view, one, sha)})
        return tuple(sorted({row.path for row in rows[0] ^ rows[1]}, key=path_bytes))

    def tree_id(self, revision: str) -> str:
        """Return the full id of a revision's tree."""
        (found,) = objects.headers(self._view, [f"{self.resolve(revision)}^{{tree}}"])
        if found is None:
            raise GitError(f"the tree of {revision} is not in this clone", hint="clone in full")
        return found.sha

    def paths_between(self, old: str, new: str) -> tuple[str, ...]:
        """Return the paths that differ between two commits, in byte order."""
        rows = compare.compare(self._view, self.resolve(old), self.resolve(new))
        return tuple(row.path for row in rows)

    def _ends(self, base: str, head: str) -> tuple[str, str, tuple[str, ...]]:
        """The ids of base and head, and all their merge bases (never empty)."""
        self._need_whole_history()
        base_sha, head_sha = self.resolve(base), self.resolve(head)
        bases = tuple(self._view.run("merge-base", "--all", base_sha, head_sha, codes=(0, 1)).text.split())
        if not bases:
            raise GitError(
                f"{base} and {head} have no common history, so there is no change to judge",
                hint="check that base and head belong to one project, and that the clone has the whole history",
            )
        return base_sha, head_sha, bases

    def oddities(self) -> tuple[str, ...]:
        """Return what in this clone would show others another history than is read here, or objects less."""
        notes = []
        if any(name.startswith("refs/replace/") for name in self._special_refs[0]):
            notes.append("the clone has replace refs (refs/replace); they were ignored")
        grafts = self._common_dir / "info" / "grafts"
        if grafts.is_file() and grafts.stat().st_size:
            notes.append("the clone has grafts (info/grafts); they were ignored")
        if self._is_partial():
            notes.append("the clone is partial; objects that are absent were not fetched")
        return tuple(notes)

    def _notes(self, head: str) -> tuple[str, ...]:
        notes = list(self.oddities())
        if self.root is not None:
            current = self._real.run("rev-parse", "-q", "--verify", "HEAD", codes=range(256)).text
            if current != head:
                notes.append("the head is not what is checked out; files were read from its commit")
        return tuple(notes)

    def _is_partial(self) -> bool:
        pattern = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
        return self._real.run("config", "--get-regexp", pattern, codes=(0, 1)).code == 0

    # -- commits ---------------------------------------------------------------------------------------

    def commits(self, revision_range: str) -> Iterator[Commit]:
        """Yield the commits of `A..B` (an empty end is HEAD), or the whole history of one revision.

        Children come first; all parents are followed; one process. `update_merge` is never set.
        """
        tip, since = self.range_ends(revision_range)
        yield from history.commits(self._view, tip, since=since)

    def commit_batches(
        self, revision_range: str, *, counted: Callable[[int], None] | None = None
    ) -> Iterator[list[RawCommit]]:
        """Yield the same commits as bytes, a thousand at once, in git's default order.

        `counted` is called with their number as soon as it is known, from another thread; that takes git a
        second walk.
        """
        tip, since = self.range_ends(revision_range)
        yield from log.batches(self._view, tip, since=since, counted=counted)

    def range_ends(self, revision_range: str) -> tuple[str, str | None]:
        """Return the full ids of B and A for `A..B`; the second one is None for a single revision."""
        self._need_whole_history()
        base, dots, head = revision_range.partition("..")
        if not dots or head.startswith("."):
            return self.resolve(revision_range), None
        since, tip = self.resolve(base or "HEAD"), self.resolve(head or "HEAD")
        return tip, since

    def commits_by_id(self, shas: Iterable[str]) -> Iterator[Commit]:
        """Yield the commits with these full ids, each once, in the order given. An unknown one is a GitError."""
        yield from history.commits_by_id(self._view, shas)  # keeps the view alive while it is read

    def commit_batches_by_id(self, shas: Iterable[str]) -> Iterator[list[RawCommit]]:
        """Yield the same commits as bytes, a thousand at once."""
        yield from log.batches_by_id(self._view, shas)

    @cached_property
    def request_heads(self) -> Mapping[tuple[str, int], str]:
        """The heads of merge requests that the clone has, by sign (`#` of GitHub, `!` of GitLab) and number."""
        from gate.git.requests import request_heads  # noqa: PLC0415 - only where a message names a request

        return request_heads(self._real)

    def source_commits(self, asked: Sequence[Asked]) -> dict[Asked, Source]:
        """Return the commits of merge requests that may have been squashed; see gate.git.requests."""
        from gate.git.requests import source_commits  # noqa: PLC0415

        return source_commits(self._view, asked)

    def request_paths(self, sources: Mapping[Asked, Source]) -> dict[Asked, Paths]:
        """Return what these merge requests and their squashes change; see gate.git.requests."""
        from gate.git.requests import changed_paths  # noqa: PLC0415

        return changed_paths(self._view, sources)

    def cut_messages(self, commits: Collection[str]) -> frozenset[str]:
        """Return those of these commits whose message goes on where git ends it; see gate.git.cut."""
        from gate.git.cut import cut_messages  # noqa: PLC0415

        return cut_messages(self._view, commits)

    def known_commits(self, names: Sequence[str]) -> dict[str, Commit]:
        """Return the commits of this clone, in whatever history, by the ids in full or not that name them."""
        from gate.git.requests import known_commits  # noqa: PLC0415

        ids = known_commits(self._view, names)
        found = {commit.sha: commit for commit in self.commits_by_id(ids.values())}
        return {name: found[sha] for name, sha in ids.items()}

    def notes_refs(self) -> tuple[NotesRef, ...]:
        """Return the refs with notes on who wrote lines of a commit, absent ones too; nothing is read yet."""
        ids, said = self._special_refs
        return tuple(
            NotesRef(
                self._view,
                source,
                ids.get(ref),
                f"the ref is broken ({said.strip()})"
                if ref not in ids and re.search(rf"{ref}(?![\w./-])", said)
                else None,
            )
            for source, ref in NOTES_REFS.items()
        )

    def notes_at(self, ref: str) -> NotesRef:
        """Return the notes under any ref, which this clone may not have; nothing of them is read yet."""
        printed = self._real.run("for-each-ref", "--format=%(objectname) %(refname)", ref)
        rows = (row.split(" ", 1) for row in printed.text.split("\n") if row)
        ids = {name: sha for sha, name in rows}
        broken = (
            f"the ref is broken ({printed.err.strip()})" if ref not in ids and ref in printed.err else None
        )
        return NotesRef(self._view, ref, ids.get(ref), broken)

    def evidence_at(self, ref: str, remote: Remote | None = None) -> GitRecords:
        """Return the records of verdicts under any ref, the only thing that is ever written to the repository."""
        from gate.git.evidence import GitRecords  # noqa: PLC0415 - most runs leave and read none

        return GitRecords(self._real, ref, self._common_dir / "gate-evidence.turn", remote)

    def remote(self, name: str) -> Remote:
        """Return a remote of the clone, by name or URL, with which `evidence_at` shares its ref."""
        from gate.git.remote import remote_of_clone  # noqa: PLC0415

        return remote_of_clone(self._git_dir, name)

    def added_lines(self, parents: Mapping[str, int], *, max_bytes: int = MAX_FILE_BYTES) -> dict[str, Added]:
        """Return the lines that commits added to text files, by commit id and path; `parents` are their numbers.

        A merge added what none of its parents has; files above `max_bytes` and mere renames add nothing.
        """
        from gate.git.added import added_lines  # noqa: PLC0415 - most runs ask for nobody's lines

        return added_lines(self._view, parents, max_bytes=max_bytes)

    def same_patch(
        self, wanted: Sequence[str], candidates: Iterable[str], *, max_bytes: int = MAX_FILE_BYTES
    ) -> dict[str, tuple[str, ...]]:
        """Return for each of the `wanted` commits those `candidates` that make the same change of text.

        Candidates can be any ids: those that this clone does not have, and ancestors of the wanted commits, do
        not count. What a rebase left behind is found so, as long as it was not cleaned away.
        """
        from gate.git.patches import same_patch  # noqa: PLC0415 - only where notes are and commits lack them

        return same_patch(self._view, wanted, candidates, max_bytes=max_bytes)

    # -- files -----------------------------------------------------------------------------------------

    def tree(self, revision: str) -> tuple[TreeEntry, ...]:
        """Return all files of a revision in byte order of paths, links and submodules included."""
        return objects.tree(self._view, self.resolve(revision))

    def paths_at(self, revision: str) -> tuple[str, ...]:
        """Return the paths of all files of a revision in byte order, links and submodules included."""
        sha = self.resolve(revision)
        if self._paths[0] != sha:
            self._paths = (sha, objects.paths(self._view, sha))
        return self._paths[1]

    def is_tracked(self, revision: str, path: str) -> bool:
        """Whether a revision has a file, link or submodule at exactly this path."""
        return objects.entry(self._view, self.resolve(revision), path) is not None

    def brings(self, revision: str, folder: str) -> bool:
        """Whether a revision has anything at this path, below it, or in place of a folder above it."""
        sha = self.resolve(revision)
        parts = folder.split("/")
        above = ("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        return any(objects.entry(self._view, sha, path) for path in above if path not in {"", "."}) or any(
            objects.below(self._view, sha, folder)
        )

    def file_at(self, revision: str, path: str, *, max_bytes: int = MAX_FILE_BYTES) -> bytes | None:
        """Return the content of a regular file, or None if the revision has none at this path.

        Raises GitError if it is larger than `max_bytes`.
        """
        found = objects.entry(self._view, self.resolve(revision), path)
        if found is None or not found.mode.startswith("100"):
            return None
        for _, content in objects.blobs(self._view, [found.blob], max_bytes=max_bytes):
            return content
        raise GitError(
            f"{path} at {revision} has {found.size} bytes, more than the {max_bytes} that are read",
            hint="make the file smaller",
        )

    def blobs_at(
        self, commits: Iterable[str], paths: Sequence[str], folders: Sequence[str], *, most: int
    ) -> dict[str, dict[str, str]]:
        """Return for each commit (full id) the blobs at these paths and below these folders, by path.

        One process tells what there is; each folder that exists takes another one, and gives at most `most` files.
        """
        shas = list(dict.fromkeys(commits))
        asked = [(sha, path) for sha in shas for path in (*paths, *folders)]
        found = objects.headers(self._view, [f"{sha}:{path}" for sha, path in asked])
        blobs: dict[str, dict[str, str]] = {sha: {} for sha in shas}
        for (sha, path), header in zip(asked, found, strict=True):
            if header is None:
                continue
            if header.kind == "blob" and path in paths:
                blobs[sha][path] = header.sha
            elif header.kind == "tree" and path in folders:
                below = objects.below(self._view, sha, path)
                blobs[sha].update((e.path, e.blob) for e in below[:most] if e.mode.startswith("100"))
        return blobs

    def blobs(self, ids: Iterable[str], *, max_bytes: int) -> Iterator[tuple[str, bytes]]:
        """Yield id and content of each distinct blob, in the order given; those above `max_bytes` are left out.

        One process for all; one blob at a time is in memory. A missing object is a GitError.
        """
        yield from objects.blobs(
            self._view, ids, max_bytes=max_bytes
        )  # keeps the view alive while it is read

    def staging(
        self, head: str, *, leave_out: Callable[[str], bool], mask: Callable[[str], str], max_bytes: int
    ) -> Staging:
        """Return what makes private clones of a head for programs that look around; see gate.git.staging."""
        from gate.git.staging import Staging  # noqa: PLC0415 - one engine of the review asks for it

        return Staging(
            view=self._view,
            make=lambda git_dir: Git(
                _make_view(git_dir, self._folder / "view" / "objects", self._format),
                self._folder / "empty",
                bare=False,
            ),
            format=self._format,
            folder=self._folder / "masked",
            head=self.resolve(head),
            leave_out=leave_out,
            mask=mask,
            max_bytes=max_bytes,
        )

    def blame(self, change: ChangeSet, path: str, lines: Collection[int]) -> dict[int, str]:
        """Return the commit of `change` that each of these lines (1-based, of the head) comes from.

        Lines that are older than the change, or beyond the end of the file, are left out.
        """
        if self._origins is None or self._origins.change is not change:
            self._origins = Origins(self._view, change)
        return self._origins.of(path, lines)


def _make_view(folder: Path, source: Path, object_format: str) -> Path:
    """Make the repository that borrows the objects in `source`, without starting git."""
    (folder / "objects" / "info").mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    settings = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
    (folder / "config").write_text(settings + f"[extensions]\n\tobjectformat = {object_format}\n")
    # the file takes a path a line and treats some characters specially, so it names a link of ours
    (folder / "source").symlink_to(source, target_is_directory=True)
    (folder / "objects" / "info" / "alternates").write_text("../source\n")
    return folder

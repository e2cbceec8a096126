"""Names of revisions, as the repository itself resolves them."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from gate.errors import GitError

if TYPE_CHECKING:
    from gate.git.command import Git

#: Names of refs that are compared for a "did you mean"; comparing is slow.
SUGGESTED_FROM = 2000


class Names:
    """The branches, tags and remotes of one repository; `git` runs in it."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def look_up(self, revision: str) -> str:
        """Return the id of the object that a name stands for. Raises GitError, with names that are like it."""
        found = self._git.run("rev-parse", "--verify", "--end-of-options", revision, codes=range(256))
        ambiguous = "is ambiguous" in found.err and revision != "HEAD"
        if found.code == 0 and not ambiguous:
            return found.text
        if ambiguous:
            raise GitError(
                f"{revision} is ambiguous: {found.err.strip()}",
                hint="write it in full: refs/heads/…, refs/tags/…, refs/remotes/…, or all digits of the id",
            )
        if revision in {"HEAD", "@"}:
            raise GitError("HEAD names no commit: the branch has none yet", hint="commit something first")
        raise GitError(f"unknown revision {revision!r}", hint=self._suggestion(revision))

    def _suggestion(self, revision: str) -> str:
        names = [name.removeprefix("refs/").split("/", 1)[-1] for name in self._refs()]
        tail = revision.rpartition("/")[2]
        close = [name for name in names if name.rpartition("/")[2] == tail]
        close += difflib.get_close_matches(revision, names[:SUGGESTED_FROM])
        if close:
            return "did you mean " + " or ".join(list(dict.fromkeys(close))[:3]) + "?"
        return "fetch it first (`git fetch origin NAME`); in CI, check out with the whole history and all branches"

    def _refs(self, *patterns: str) -> list[str]:
        return self._git.run("for-each-ref", "--format=%(refname)", *patterns).text.split()

    def default_base(self) -> str:
        """Return the upstream's default branch as a revision, such as `origin/main`.

        Raises GitError where nothing but a guess is left; the hint names `--base`.
        """
        refs = set(self._refs("refs/heads", "refs/remotes"))
        remotes = self._remotes()
        for remote in ["origin"] + (remotes if len(remotes) == 1 else []):
            head = self._symbolic(f"refs/remotes/{remote}/HEAD")
            if head in refs:
                return head.removeprefix("refs/remotes/")
        candidates = ["refs/remotes/origin/main", "refs/remotes/origin/master"]
        current = self._symbolic("HEAD")
        if current.startswith("refs/heads/"):
            candidates += [ref for ref in ("refs/heads/main", "refs/heads/master") if ref != current]
        for ref in candidates:
            if ref in refs:
                return ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
        raise GitError(
            "no default branch is known to compare with",
            hint="name the target branch with `--base`, or set it once: `git remote set-head origin --auto`",
        )

    def _remotes(self) -> list[str]:
        return self._git.run("remote").text.split()

    def _symbolic(self, ref: str) -> str:
        """The full name of the ref that a symbolic ref names, or an empty text."""
        return self._git.run("symbolic-ref", "-q", ref, codes=range(256)).text

    def full_name(self, revision: str) -> str:
        """Return the branch's full name as its own repository has it, or the revision as it was given."""
        name = self._git.run("rev-parse", "--symbolic-full-name", revision, codes=range(256)).text
        remote = re.fullmatch(r"refs/remotes/(.+)", name)
        if remote:
            for prefix in sorted(self._remotes(), key=len, reverse=True):
                if remote[1].startswith(f"{prefix}/"):
                    return "refs/heads/" + remote[1].removeprefix(f"{prefix}/")
        return name or revision

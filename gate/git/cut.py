"""Messages with a NUL in them: git shows nobody what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.errors import GitError
from gate.git.command import Git, text

if TYPE_CHECKING:
    from collections.abc import Collection


def cut_messages(git: Git, commits: Collection[str]) -> frozenset[str]:
    """Return those of the commits (full ids) whose message goes on behind a NUL.

    `git log` and forges end such a message there. Raises GitError for an id that is no commit.
    """
    if not commits:
        return frozenset()
    found = set()
    with git.objects.ask("contents", commits) as answers:
        for sha in commits:
            name, _, facts = text(answers.line()).partition(" ")
            kind, _, size = facts.partition(" ")
            if name != sha or kind != "commit" or not size.isdigit():
                raise GitError(f"object {sha} is not a commit", hint="check the clone with `git fsck`")
            head, _, message = answers.exactly(int(size)).partition(b"\n\n")
            answers.exactly(1)
            if b"\0" in message or b"\0" in head:
                found.add(sha)
    return frozenset(found)

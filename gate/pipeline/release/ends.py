"""The two ends of a release: what the user named, as tags that can be believed or say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gate.core.release.model import Tag
from gate.errors import GitError, UsageError

if TYPE_CHECKING:
    from gate.git import Repository


class Ends(NamedTuple):
    """`first`: `previous` is a commit that somebody named as the beginning, and no release."""

    previous: Tag
    tag: Tag
    first: bool


def split_range(text: str, *, baseline: str | None) -> tuple[str, str]:
    """Return the two names of `PREV..TAG`, or of TAG with a baseline. Raises UsageError for anything else."""
    previous, dots, tag = text.partition("..")
    if not dots:
        if baseline is None:
            raise UsageError(
                f"{text!r} names one end only, and a release has two",
                hint="Write PREV..TAG, such as v1.1.0..v1.2.0. For a first release: TAG --baseline COMMIT.",
            )
        previous, tag = baseline, text
    elif baseline is not None:
        raise UsageError(
            f"{text!r} and --baseline both say where the release begins",
            hint="For a first release give TAG --baseline COMMIT; for any other PREV..TAG alone.",
        )
    if tag.startswith(".") or not previous or not tag or ".." in tag:
        raise UsageError(
            f"{text!r} is no range of a release", hint="Write PREV..TAG, such as v1.1.0..v1.2.0."
        )
    return previous, tag


def find_ends(repository: Repository, text: str, *, baseline: str | None) -> Ends:
    """Return both ends. Raises UsageError for a range that is none, GitError where the clone cannot tell."""
    before, after = split_range(text, baseline=baseline)
    tag = repository.tag(after)
    if baseline is not None:
        commit = repository.resolve(baseline)
        previous = Tag(
            name="", object=commit, annotated=False, commit=commit, tree=repository.tree_id(commit)
        )
    else:
        previous = _previous(repository, before)
    for one in (previous, tag):
        if not one.commit:
            raise GitError(
                f"{one.ref}: {one.problem}",
                hint="Make the tag anew on the commit that is meant: `git tag -f -s NAME COMMIT`.",
            )
    if not repository.is_ancestor(previous.commit, tag.commit):
        raise GitError(
            f"{previous.shown} is no ancestor of {tag.shown}, so what is between them is no release",
            hint="Name the release that this one was built upon (`git describe --tags --abbrev=0 TAG^`); "
            "if a tag was moved, move it back.",
        )
    return Ends(previous, tag, first=baseline is not None)


def _previous(repository: Repository, name: str) -> Tag:
    try:
        return repository.tag(name)
    except GitError as error:
        try:
            commit = repository.resolve(name)
        except GitError:
            raise error from None
        raise GitError(
            f"{name} is no tag, so it is not known what was released",
            hint="Name the tag of the release before this one. If there was none, say from where on to judge: "
            f"TAG --baseline {commit[:12]}.",
        ) from None

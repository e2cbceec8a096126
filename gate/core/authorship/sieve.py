"""Judging long histories: most commits say nothing, and few bytes of them need to be looked at."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from gate.core.authorship.judge import attribute_commit
from gate.core.authorship.model import AuthorVerdict, CommitAuthorship
from gate.core.authorship.needles import covers
from gate.core.authorship.registry import SIGN_OFF_KEY
from gate.core.change import Commit, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.authorship.registry import Registry
    from gate.core.change import RawCommit

#: Fields whose patterns are asked for what they cannot match without. All other keys of trailers stand for
#: themselves; so many messages hold a sign-off that its key tells nothing.
_SIGN_OFF: Final = f"trailer.{SIGN_OFF_KEY}"
_SUBJECT: Final = ("subject", "branch")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
#: Pairs of author and committer (and whether both did it at once) that are remembered: more than most histories have.
_REMEMBERED: Final = 20_000

_Identities = tuple[bytes, bytes, bytes, bytes, bool]
#: What identities alone come to: a verdict, and the fields behind those that each commit has of its own.
_Known = tuple[AuthorVerdict, tuple[Any, ...]]
_OWN: Final = CommitAuthorship._fields.index("merge") + 1


class Sieve:
    """Judges commits as `attribute_commit` does, in a fraction of the time.

    The one difference: `signers` are only collected from messages that are read for another reason, because
    many histories sign off every commit.
    """

    def __init__(self, registry: Registry, *, suppressed: bool = False) -> None:
        self._registry = registry
        self._suppressed = suppressed
        signed = (n for rule in registry.texts.get(_SIGN_OFF, ()) for n in rule.pattern.needles)
        titles = (n for f in _SUBJECT for rule in registry.texts.get(f, ()) for n in rule.pattern.needles)
        self._needles = _shortest((*(n for n in registry.needles if n != SIGN_OFF_KEY), *signed))
        self._in_subject = _shortest(titles)
        self._covers = {
            cover.encode(): [n.encode() for n in needles]
            for cover, needles in covers([n.decode() for n in self._needles]).items()
        }
        self._known: dict[_Identities, _Known] = {}

    def judge(self, commits: Sequence[RawCommit]) -> list[CommitAuthorship]:
        """Return who wrote each commit, in the given order. Never raises, whatever the commits hold."""
        subjects = [raw.message.partition(b"\n")[0] for raw in commits]
        speaking = self._speaking(commits, subjects)
        # Decoded at once: no id, date or subject holds a line break.
        told = zip(
            _texts([raw.sha for raw in commits]),
            _texts([raw.committer_date for raw in commits]),
            _texts(subjects),
            strict=True,
        )
        return [
            attribute_commit(raw.decoded(), self._registry, suppressed=self._suppressed)
            if place in speaking
            else self._silent(raw, *texts)
            for place, (raw, texts) in enumerate(zip(commits, told, strict=True))
        ]

    def speaks(self, message: bytes) -> bool:
        """Whether a message may say something about its author."""
        low = message.lower()
        subject = low.partition(b"\n")[0]
        return any(n in low for n in self._needles) or any(n in subject for n in self._in_subject)

    def _speaking(self, commits: Sequence[RawCommit], subjects: Sequence[bytes]) -> set[int]:
        """The places of messages that may say something. All are searched as one text; NUL cannot be in one."""
        speaking: set[int] = set()
        _search([raw.message for raw in commits], self._covers, speaking)
        _search(subjects, {needle: [needle] for needle in self._in_subject}, speaking)
        return speaking

    def _silent(self, raw: RawCommit, sha: str, date: str, subject: str) -> CommitAuthorship:
        """The judgement on a commit by its identities alone."""
        _, parents, author, author_email, written, committer, committer_email, committed, _ = raw
        key = (author, author_email, committer, committer_email, written == committed)
        verdict, rest = self._known.get(key) or self._judge(key)
        return CommitAuthorship._make((sha, verdict, date, subject.rstrip("\r"), b" " in parents, *rest))

    def _judge(self, key: _Identities) -> _Known:
        *identities, at_once = key
        author, author_email, committer, committer_email = (
            str(part, "utf-8", "surrogateescape") for part in identities
        )
        nameless = Commit(
            sha="",
            parents=(),
            author=Person(name=author, email=author_email),
            author_date="",
            committer=Person(name=committer, email=committer_email),
            committer_date="" if at_once else "later",
            message="",
        )
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        found = attribute_commit(nameless, self._registry, suppressed=self._suppressed)
        known = self._known[key] = (found.verdict, found[_OWN:])
        return known


def _texts(fields: Sequence[bytes]) -> list[str]:
    """Fields without line breaks as text."""
    return b"\n".join(fields).decode("utf-8", "surrogateescape").split("\n") if fields else []


def _search(texts: Sequence[bytes], covers: Mapping[bytes, Sequence[bytes]], speaking: set[int]) -> None:
    """Add the places of the texts that hold a needle, in any case."""
    whole = b"\0".join(texts).lower()
    ends = list(accumulate([len(text) + 1 for text in texts]))
    for cover, needles in covers.items():
        found = whole.find(cover)
        while found >= 0:
            at = bisect_right(ends, found)
            end = ends[at]
            if at not in speaking:
                start = ends[at - 1] if at else 0
                if any(whole.find(needle, start, end) >= 0 for needle in needles):
                    speaking.add(at)
            found = whole.find(cover, end)


def _shortest(needles: Iterable[str]) -> tuple[bytes, ...]:
    """The needles as bytes, without those that contain another one."""
    unique = {_ascii(needle) for needle in needles}
    return tuple(n for n in sorted(unique) if not any(other in n for other in unique if other != n))


def _ascii(needle: str) -> bytes:
    """The longest part of a needle that lower case means the same for in bytes and in text."""
    return max(_NOT_ASCII.split(needle), key=len).encode()

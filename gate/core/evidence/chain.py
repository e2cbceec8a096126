"""Whether records form one unbroken chain: what is missing, altered, out of order or cut off is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gate.core.evidence.record import Record

#: More problems of one kind than this are counted instead of named.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record as a store holds it, unread. `place` names it for people; `order` is its place in a store that
    counts its records (from 1), None in one that does not.
    """

    place: str
    data: bytes
    order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The records that no other record names: one as a rule, none in an empty store, several after copies of a
    store were joined. `number` is the highest number among them, 0 in an empty store.
    """

    digests: tuple[str, ...] = ()
    number: int = 0


#: Makes the content of the next record's file for the present ends of the chain. A store calls it again, with
#: other ends, where another writer was faster.
Make: TypeAlias = "Callable[[Ends], bytes]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A record of a store that was read. `place` and `order` are those of `Stored`."""

    place: str
    digest: str
    record: Record
    order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What the links show. `beginnings` counts records with none before them; `problems` are sentences, none if
    the chain is whole.
    """

    ends: Ends
    beginnings: int
    problems: tuple[str, ...] = ()


def check_chain(links: Sequence[Link], *, expected: Iterable[str] = (), broken: bool = False) -> Chain:
    """Return the chain of all records of a store.

    `expected` are digests that must be there: ends of the chain as somebody noted them earlier. Without them a
    store whose newest records were all cut off looks whole. `broken` says that the store holds what cannot be
    read, so a record that is missing may be that one.
    """
    known = {link.digest: link for link in links}
    named = {digest for link in links for digest in link.record.previous}
    ends = tuple(sorted(known.keys() - named))
    counted = Counter(link.digest for link in links)
    problems = [f"{_short(digest)} is there {n} times" for digest, n in sorted(counted.items()) if n > 1]
    for link in sorted(known.values(), key=lambda link: (link.record.number, link.digest)):
        problems += _problems(link, known, broken=broken)
    problems += [
        f"{_short(digest)} should be there and is not: the newest records were cut off, or this is another store"
        for digest in sorted(set(expected) - known.keys())
    ]
    left = len(problems) - MOST_NAMED
    if left > 0:
        problems = [*problems[:MOST_NAMED], f"and {left:,} more problems of the chain"]
    return Chain(
        ends=Ends(digests=ends, number=max((known[end].record.number for end in ends), default=0)),
        beginnings=sum(not link.record.previous for link in known.values()),
        problems=tuple(problems),
    )


def _problems(link: Link, known: dict[str, Link], *, broken: bool) -> Iterable[str]:
    record = link.record
    before = [known[digest] for digest in record.previous if digest in known]
    for digest in record.previous:
        if digest not in known:
            unread = " (it may be one that cannot be read)" if broken else ""
            yield f"{link.place}: the record before it, {_short(digest)}, was removed or altered{unread}"
    if len(before) == len(record.previous):
        number = 1 + max((one.record.number for one in before), default=0)
        if record.number != number:
            yield f"{link.place}: says that it is number {record.number}, and it is {number}"
    if link.order is not None and link.order != record.number:
        yield f"{link.place}: is number {record.number}: records were put in another order"


def _short(digest: str) -> str:
    return digest[: len("sha256:") + 12]

"""The examples that each signature carries, run against a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gate.core.authorship.collect import Collector
from gate.core.authorship.identity import parse_identity
from gate.core.authorship.judge import attribute_commit, judge_body, judge_branch, signature_ids
from gate.core.change import Commit, Person

if TYPE_CHECKING:
    from collections.abc import Collection

    from gate.core.authorship.registry import Registry
    from gate.core.authorship.schema import Signature

_PERSON: Final = "Jane Doe <jane@example.org>"


def fixture_problems(registry: Registry, only: Collection[str] | None = None) -> tuple[str, ...]:
    """Return what is wrong with the examples of a registry, one sentence each; empty if all hold.

    `only` limits the question to the examples of these signatures; each sentence begins with the id of one.

    A `positive` must carry its signature, and at a place that counts unless the grade is C or N. A `trap` must
    not carry its signature, and must carry no other one at a grade that counts.
    """
    problems: list[str] = []
    for signature in registry.signatures.values():
        if only is not None and signature.id not in only:
            continue
        for text in signature.positive:
            if signature.id not in _carried(text, signature, registry):
                problems.append(f"{signature.id}: positive {text!r} does not carry the signature")
            elif signature.grade in ("A", "B") and signature.id not in _counting(text, signature, registry):
                problems.append(f"{signature.id}: positive {text!r} carries the signature only as a hint")
        for text in signature.trap:
            if signature.id in _carried(text, signature, registry):
                problems.append(f"{signature.id}: trap {text!r} carries the signature")
            problems.extend(
                f"{signature.id}: trap {text!r} carries {other}"
                for other in sorted(_counting(text, signature, registry))
            )
    return tuple(problems)


def fixture_commit(text: str) -> Commit:
    """Return the commit that an example stands for.

    Lines `author: Name <address>` and `committer: …` at its top set the identities. A single further line is
    the last block below a subject, or the subject itself if it begins with `subject: `; several lines are the
    whole message.
    """
    people = {"author": _PERSON, "committer": _PERSON}
    lines = text.split("\n")
    while lines and lines[0].partition(":")[0] in people:
        seat, _, value = lines.pop(0).partition(":")
        people[seat] = value
        if seat == "author":
            people["committer"] = value
    rest = "\n".join(lines)
    if rest.startswith("subject: "):
        rest = rest.removeprefix("subject: ")
    elif len(lines) == 1:
        rest = f"Change the parser\n\n{rest}"
    return Commit(
        sha="0" * 40,
        parents=("1" * 40,),
        author=_person(people["author"]),
        author_date="2026-01-01T00:00:00+00:00",
        committer=_person(people["committer"]),
        committer_date="2026-01-01T00:00:00+00:00",
        message=rest or "Change the parser",
    )


def _person(text: str) -> Person:
    identity = parse_identity(text)
    return Person(name=identity.name, email=identity.address) if identity else Person(name=text, email="")


def _carried(text: str, signature: Signature, registry: Registry) -> frozenset[str]:
    found = _change_level(text, signature, registry)
    return frozenset(found.seen) if found else signature_ids(fixture_commit(text), registry)


def _counting(text: str, signature: Signature, registry: Registry) -> frozenset[str]:
    found = _change_level(text, signature, registry)
    evidence = found.evidence if found else attribute_commit(fixture_commit(text), registry).evidence
    return frozenset(piece.signature for piece in evidence)


def _change_level(text: str, signature: Signature, registry: Registry) -> Collector | None:
    """The reading of an example that is no commit: the text of a merge request or a branch name."""
    if signature.field == "pr.body":
        return judge_body(text, registry)
    if signature.field == "branch":
        found = Collector(registry)
        judge_branch(text, found)
        return found
    return None

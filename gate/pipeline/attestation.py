"""Verifying the evidence of a release, with neither repository nor store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.evidence.record import parse_record
from gate.core.evidence.summary import RECORD, STATEMENT, parse_summary
from gate.evidence.bundle import read_bundle
from gate.pipeline.proof import Prover

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.evidence.envelope import Envelope
    from gate.core.evidence.summary import Input, Summary
    from gate.pipeline.proof import Keys

_VOUCHED = (
    "Signed statements of people that the summary vouches for: {n}. To verify them by themselves, too, name the "
    'people\'s keys in the file of signers (namespaces="gate-signoff").'
)
_COMPARE = "Nothing was compared with what you deploy: give --tag or --commit."


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What the evidence of a release is worth. `problems` are sentences, none if everything verifies; `records`
    and `statements` count those that do. `summary` is None where it cannot be read.
    """

    signer: str = ""
    summary: Summary | None = None
    records: int = 0
    statements: int = 0
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def verify_attestation(
    raw: bytes,
    keys: Keys,
    *,
    now: str,
    repository: str = "",
    commit: str = "",
    tag: str = "",
) -> Attested:
    """Return what the evidence of a release is worth, by the signatures of `keys` valid at `now`.

    With `repository`, `commit` (in full or its beginning) or `tag` it has to be about those: a good file of another
    release proves nothing for this one. Raises SigningError if nothing can be verified here.
    """
    try:
        bundle = read_bundle(raw)
        summary = parse_summary(bundle.summary.payload)
    except ValueError as error:
        return Attested(problems=(f"it cannot be read: {error}",))
    problems = list(_foreign(summary, repository=repository, commit=commit, tag=tag))
    if not summary.has_passed:
        problems.append(f"the release did not pass: its verdict is {summary.verdict}")
    with Prover(keys, now=now) as prover:
        signer, problem = prover.prove(bundle.summary)
        if problem:
            problems.append(f"the summary: {problem}")
        problems += _missing(summary.inputs, RECORD, bundle.records, "record")
        problems += _missing(summary.inputs, STATEMENT, bundle.statements, "statement")
        good = 0
        for envelope, (_, why) in zip(bundle.records, prover.prove_all(bundle.records), strict=True):
            why = why or _unreadable(envelope)  # noqa: PLW2901
            if why:
                problems.append(f"record {envelope.digest[:19]}: {why}")
            good += not why
    signed, wrong, remarks = _statements(bundle.statements, keys, now)
    return Attested(
        signer="" if problem else signer,
        summary=summary,
        records=good,
        statements=signed,
        problems=(*problems, *wrong),
        remarks=(*keys.remarks, *remarks, *(() if commit or tag else (_COMPARE,))),
    )


def _foreign(summary: Summary, *, repository: str, commit: str, tag: str) -> Iterable[str]:
    if repository and summary.repo.casefold() != repository.casefold():
        yield f"it is about the repository {summary.repo}, and not about {repository}"
    if commit and not summary.commit.startswith(commit.lower()):
        yield f"it is about the commit {summary.commit}, and not about {commit}"
    if tag and summary.tag != tag.removeprefix("refs/tags/"):
        yield f"it is about the tag {summary.tag}, and not about {tag}"


def _missing(inputs: Sequence[Input], kind: str, envelopes: Sequence[Envelope], word: str) -> Iterable[str]:
    named = {one.digest for one in inputs if one.kind == kind}
    there = [one.digest for one in envelopes]
    yield from (
        f"{word} {digest[:19]}: the summary names it, and it is not in the file"
        for digest in sorted(named - set(there))
    )
    yield from (
        f"{word} {digest[:19]}: the summary does not name it" for digest in sorted(set(there) - named)
    )
    if len(there) != len(set(there)):
        yield f"a {word} is in the file twice"


def _unreadable(envelope: Envelope) -> str:
    try:
        parse_record(envelope.payload)
    except ValueError as error:
        return str(error)
    return ""


def _statements(envelopes: Sequence[Envelope], keys: Keys, now: str) -> tuple[int, list[str], list[str]]:
    """How many statements verify, what is wrong with others, and remarks."""
    if not envelopes:
        return 0, [], []
    if not keys.people:
        return 0, [], [_VOUCHED.format(n=len(envelopes))]
    from gate.signing import Bundle, Verifier  # noqa: PLC0415

    wrong = []
    with Verifier(keys.people, revoked=keys.revoked, now=now) as verifier:
        for one in envelopes:
            checked = verifier.check(Bundle(payload=one.payload, signature=one.signature), one.digest[:19])
            if checked.problem:
                wrong.append(f"statement {one.digest[:19]}: {checked.problem}")
    return len(envelopes) - len(wrong), wrong, []

"""The signed verdict on a release with everything that it rests on, in one file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from gate.core.evidence.envelope import Envelope
from gate.core.evidence.summary import Excused, Summary
from gate.core.release.model import State
from gate.errors import EvidenceError, SigningError, UsageError
from gate.git import Repository
from gate.pipeline.evidence import KEY, keys_of, private_key
from gate.pipeline.proof import Prover

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gate.core.release.model import Released
    from gate.core.review import Fate
    from gate.pipeline.release.run import Proofs


def attest(released: Released, proofs: Proofs, *, repo: Path, report: str, key: str) -> bytes:
    """Return the content of the evidence file of a release, signed with `key` (a path, or the text of a key).

    `report` is the JSON report. Raises UsageError without a key, SigningError for one whose signature the policy of
    the previous release would not believe, EvidenceError for what cannot be written down.
    """
    from gate.evidence.bundle import build  # noqa: PLC0415
    from gate.signing import EVIDENCE, sign  # noqa: PLC0415

    release, policy = released.release, released.run.facts.policy.evidence
    if not key:
        raise UsageError(
            "there is no key to sign the evidence of the release with",
            hint=f"Give the private key of a machine of evidence.signers with --evidence-key, or in {KEY}.",
        )
    ids = {step.proof.id for step in release.steps if step.proof and step.proof.kind == "record"}
    counted = {fate.id for one in _decisions(released) for fate in one if fate.counts}
    with Repository.open(repo) as repository:
        keys = keys_of(policy, repository, release.previous.commit)
    with private_key(key) as file, Prover(keys, now=released.run.facts.now) as prover:
        if file is None:
            raise UsageError("the key to sign with is empty", hint=f"See {KEY}.")

        def signed(payload: bytes) -> tuple[bytes, str]:
            signature, keyid = sign(payload, file, namespace=EVIDENCE, at_terminal=False)
            _, problem = prover.prove(Envelope(payload=payload, signature=signature, keyid=keyid))
            if problem and policy.signers:
                raise SigningError(
                    f"the evidence would prove nothing: {problem}",
                    hint="Sign with a key that evidence.signers of the policy of the previous release lists.",
                )
            return signature, keyid

        try:
            return build(
                _summary(released, report),
                records=[proofs.records[name] for name in sorted(ids)],
                statements=[
                    Envelope(payload=one.payload, signature=one.signature)
                    for name, one in sorted(proofs.statements.items())
                    if name in counted
                ],
                sign=signed,
            )
        except ValueError as error:
            raise EvidenceError(
                f"no evidence could be made of this verdict: {error}", hint="Please report this as a bug."
            ) from error


def _decisions(released: Released) -> Iterator[tuple[Fate, ...]]:
    if released.release.statements is not None:
        yield released.release.statements.statements
    for step in released.release.steps:
        if step.signoff is not None and step.proof is not None:
            yield step.signoff.statements


def _summary(released: Released, report: str) -> Summary:
    release, run = released.release, released.run
    return Summary(
        repo=release.repo,
        tag=release.tag.name,
        commit=release.tag.commit,
        tree=release.tag.tree,
        tag_object=release.tag.object if release.tag.annotated else None,
        previous=release.previous.ref,
        previous_commit=release.previous.commit,
        verdict=run.verdict.outcome.word,
        exit_code=run.exit_code,
        verified_at=run.facts.now,
        policy_source=run.stamp.policy_source,
        policy_digest=run.stamp.policy_digest,
        rulesets_digest=run.stamp.rulesets_digest,
        gate_version=run.stamp.version,
        change_digest=release.change_digest,
        report_digest="sha256:" + hashlib.sha256(report.encode("utf-8", "surrogatepass")).hexdigest(),
        steps={state.value: len(release.in_state(state)) for state in State},
        exceptions=tuple(_excused(released)),
        inputs=(),
        ends=tuple(sorted(release.store_ends)),
        number=release.store_number,
    )


def _excused(released: Released) -> Iterator[Excused]:
    found = set()
    for one in released.run.facts.suppressions:
        if one.kind == "waiver" and one.effective:
            found.add(("waiver", one.owner or "?", one.expires or "?", one.reason or "?"))
    for step in released.release.in_state(State.OVERRIDDEN):
        if (override := released.release.override_of(step)) is not None:
            found.add(("override", override.by, override.expires_at, override.reason))
    for kind, by, until, reason in sorted(found):
        yield Excused(kind=kind, by=by, until=until, reason=reason)

"""Whose signature makes a record a proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.evidence.envelope import Envelope
    from gate.core.policy import EvidencePolicy
    from gate.signing import Signer, Verifier

UNSIGNED = "it is not signed"
NOBODY = (
    "no machine is named whose signature counts (evidence.signers of the policy, or the file of --signers)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The machines whose signatures count, and keys that were revoked. `remarks` are refused lines.

    `people` are keys of humans that a file of signers also names: for the statements in the evidence of a release.
    """

    signers: tuple[Signer, ...] = ()
    people: tuple[Signer, ...] = ()
    revoked: bytes | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def of_policy(cls, policy: EvidencePolicy, *, revoked: bytes | None) -> Self:
        """Return the signers of a policy."""
        if not policy.signers:
            return cls(revoked=revoked)
        from gate.signing import EVIDENCE, policy_signers  # noqa: PLC0415

        return cls(
            signers=policy_signers(
                {signer.id: signer.keys for signer in policy.signers},
                namespace=EVIDENCE,
                until={signer.id: signer.until for signer in policy.signers if signer.until},
            ),
            revoked=revoked,
        )

    @classmethod
    def of_file(cls, text: bytes, name: str, *, revoked: bytes | None = None) -> Self:
        """Return the signers of an allowed signers file: lines with exactly `namespaces="gate-evidence"`, and the
        people of those with `namespaces="gate-signoff"`.
        """
        from gate.signing import EVIDENCE, NAMESPACE, allowed_signers  # noqa: PLC0415

        of_people = f'namespaces="{NAMESPACE}"'.encode()
        lines = text.split(b"\n")
        machines = b"\n".join(b"" if of_people in line else line for line in lines)
        others = b"\n".join(line if of_people in line else b"" for line in lines)
        signers, problems = allowed_signers(machines, name, None, namespace=EVIDENCE)
        people, more = allowed_signers(others, name, None)
        return cls(signers=signers, people=people, revoked=revoked, remarks=(*problems, *more))


class Prover:
    """Says of envelopes who signed them, and why that cannot be believed; a context manager."""

    def __init__(self, keys: Keys, *, now: str) -> None:
        self._keys = keys
        self._now = now
        self._verifier: Verifier | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._verifier is not None:
            self._verifier.__exit__()

    def prove(self, envelope: Envelope) -> tuple[str, str]:
        """Return signer and problem of one envelope. Raises SigningError without ssh-keygen."""
        if not envelope.signature:
            return "", UNSIGNED
        if not self._keys.signers:
            return "", NOBODY
        from gate.signing import EVIDENCE, Bundle, Verifier  # noqa: PLC0415 - only for what is signed

        if self._verifier is None:
            self._verifier = Verifier(
                self._keys.signers, revoked=self._keys.revoked, now=self._now, namespace=EVIDENCE
            )
        return self._verifier.signer_of(Bundle(payload=envelope.payload, signature=envelope.signature))

    def prove_all(self, envelopes: Sequence[Envelope]) -> list[tuple[str, str]]:
        """Return the same for many."""
        return [self.prove(envelope) for envelope in envelopes]

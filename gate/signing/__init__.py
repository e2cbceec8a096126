"""Signed statements: their files, whose keys count, and `ssh-keygen -Y`, which does all cryptography."""

from gate.signing.bundle import Bundle, read_bundles, write_bundle
from gate.signing.keygen import Verifier, key_of, sign
from gate.signing.signers import EVIDENCE, NAMESPACE, Signer, allowed_signers, policy_signers

__all__ = [
    "EVIDENCE",
    "NAMESPACE",
    "Bundle",
    "Signer",
    "Verifier",
    "allowed_signers",
    "key_of",
    "policy_signers",
    "read_bundles",
    "sign",
    "write_bundle",
]

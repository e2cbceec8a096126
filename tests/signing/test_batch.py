"""Signatures judged without ssh-keygen: never good where ssh-keygen would say otherwise."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.signing import EVIDENCE, Bundle, Verifier, policy_signers
from gate.signing.batch import holds
from tests.signing.kit import NOW, Keys

PAYLOAD = b'{"what":"was signed"}\n'


def signers(keys: Keys, *names: str):
    return policy_signers({name: [keys.public(name)] for name in names}, namespace=EVIDENCE)


def bundle(keys: Keys, who: str = "ci", payload: bytes = PAYLOAD, namespace: str = EVIDENCE) -> Bundle:
    return Bundle(payload=payload, signature=keys.sign(payload, who, namespace=namespace))


def test_a_good_signature_is_recognised(keys):
    (signer,) = signers(keys, "ci")
    assert holds(bundle(keys), signer)


@pytest.mark.parametrize("how", ["payload", "key", "namespace", "armour"])
def test_any_other_is_not(keys, how):
    signed = bundle(keys)
    (signer,) = signers(keys, "mallory" if how == "key" else "ci")
    if how == "payload":
        signed = Bundle(payload=PAYLOAD + b" ", signature=signed.signature)
    elif how == "namespace":
        signed = bundle(keys, namespace="git")
    elif how == "armour":
        signed = Bundle(
            payload=PAYLOAD, signature=b"-----BEGIN SSH SIGNATURE-----\n!\n-----END SSH SIGNATURE-----\n"
        )
    assert not holds(signed, signer)


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=300)
def test_no_signature_with_another_byte_is_good_unless_ssh_keygen_says_so(keys, place, flip):
    (signer,) = signers(keys, "ci")
    good = bundle(keys)
    at = place % len(good.signature)
    signature = good.signature[:at] + bytes([good.signature[at] ^ flip]) + good.signature[at + 1 :]
    changed = Bundle(payload=PAYLOAD, signature=signature)
    if holds(changed, signer):
        with Verifier([signer], revoked=None, now=NOW, namespace=EVIDENCE) as verifier:
            assert verifier.signer_of(changed) == ("ci", "")


def test_many_signatures_take_few_programs_and_the_bad_one_is_still_found(keys, monkeypatch):
    started = []
    run = subprocess.Popen

    def counted(command, *rest, **how):
        started.append(command)
        return run(command, *rest, **how)

    bundles = [bundle(keys, payload=b"%d\n" % n) for n in range(40)]
    bundles[30] = Bundle(payload=b"another\n", signature=bundles[30].signature)
    bundles[31] = bundle(keys, "mallory")
    monkeypatch.setattr(subprocess, "Popen", counted)
    with Verifier(signers(keys, "ci"), revoked=None, now=NOW, namespace=EVIDENCE) as verifier:
        answers = [verifier.signer_of(one) for one in bundles]
    assert [n for n, (_, problem) in enumerate(answers) if problem] == [30, 31]
    assert "changed after it was signed" in answers[30][1]
    assert len(started) < 12


def test_a_revoked_key_stays_revoked_however_many_it_signed(keys):
    bundles = [bundle(keys, payload=b"%d\n" % n) for n in range(10)]
    revoked = f"{keys.public('ci')}\n".encode()
    with Verifier(signers(keys, "ci"), revoked=revoked, now=NOW, namespace=EVIDENCE) as verifier:
        assert all("its key was revoked" in verifier.signer_of(one)[1] for one in bundles)


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_keys_of_other_kinds_are_left_to_ssh_keygen(kind, tmp_path):
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", path], check=True)
    (signer,) = policy_signers({"ci": [path.with_suffix(".pub").read_text().strip()]}, namespace=EVIDENCE)
    keys = Keys(tmp_path)
    bundles = [bundle(keys, "key", payload=b"%d\n" % n) for n in range(8)]
    assert not holds(bundles[0], signer)
    with Verifier([signer], revoked=None, now=NOW, namespace=EVIDENCE) as verifier:
        assert [verifier.signer_of(one) for one in bundles] == [("ci", "")] * 8

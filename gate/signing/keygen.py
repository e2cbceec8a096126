"""Signing and verifying with `ssh-keygen -Y`, and why a signature does not hold."""

from __future__ import annotations

import base64
import binascii
import os
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gate import process
from gate.errors import SigningError, UsageError
from gate.signing.signers import NAMESPACE, Signer, fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.review.statement import Signed
    from gate.signing.bundle import Bundle

PROGRAM = "ssh-keygen"
TIMEOUT_SECONDS = 30
#: Signatures of one key that ssh-keygen has to find good before any is judged without it.
FEW = 4
#: What signing may use of the user's environment: the agent with the keys, and ways to ask for a passphrase.
_SIGNING_VARIABLES = (
    "HOME",
    "SSH_AUTH_SOCK",
    "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE",
    "SSH_SK_PROVIDER",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "TERM",
)
_NOT_INSTALLED = "Install OpenSSH 8.9 or newer (package openssh-client), so that ssh-keygen is on PATH."


class Verifier:
    """Says of signed statements whether they can be believed; a context manager with a private folder.

    `now` is `YYYY-MM-DDThh:mm:ssZ`: the time at which keys have to be valid, never the time that a statement
    claims for itself. `revoked` is the content of a file of revoked keys (public keys, or a KRL).
    """

    def __init__(
        self, signers: Sequence[Signer], *, revoked: bytes | None, now: str, namespace: str = NAMESPACE
    ) -> None:
        self._signers = tuple(signers)
        self._namespace = namespace
        #: By key: how many of its signatures ssh-keygen found good, at this time and with these revoked keys.
        self._accepted: Counter[bytes] = Counter()
        self._time = re.sub(r"\D", "", now)[:14]
        self._folder = tempfile.TemporaryDirectory(prefix="gate-signers-")
        self._home = Path(self._folder.name)
        text = "".join(f"{signer.line}\n" for signer in self._signers)
        (self._home / "signers").write_text(text, encoding="utf-8")
        self._revoked_keys = revoked or b""
        self._revoked = ["-r", str(self._home / "revoked")] if revoked else []
        if revoked:
            (self._home / "revoked").write_bytes(revoked)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def check(self, bundle: Bundle, source: str) -> Signed:
        """Return the statement with why it cannot be believed, if so. Raises SigningError without ssh-keygen."""
        # Records of machines need none of it, and it brings a third of the core along.
        from gate.core.review.statement import Signed, parse_payload, statement_id  # noqa: PLC0415

        name = statement_id(bundle.payload)
        try:
            statement = parse_payload(bundle.payload)
        except ValueError as error:
            return Signed(source=source, id=name, problem=str(error))
        problem = self._problem(bundle, statement.reviewer)
        return Signed(source=source, id=name, statement=statement, problem=problem)

    def signer_of(self, bundle: Bundle) -> tuple[str, str]:
        """Return whose key signed, and why that cannot be believed, if so; for what names no signer itself.

        After a few of them, good signatures are recognised without a program for each. Raises SigningError
        without ssh-keygen.
        """
        told = key_of(bundle.signature)
        if told is None:
            return "", "its signature cannot be read"
        signer = next((signer for signer in self._signers if signer.blob == told[0]), None)
        if signer is None:
            return "", f"it is signed with a key that is not listed ({fingerprint(told[0])})"
        if self._accepted[signer.blob] >= FEW:
            from gate.signing.batch import holds  # noqa: PLC0415 - its library takes longer than a few programs

            if holds(bundle, signer):
                return signer.human, ""
        problem = self._problem(bundle, signer.human)
        self._accepted[signer.blob] += not problem
        return signer.human, problem

    def _problem(self, bundle: Bundle, reviewer: str) -> str:
        own = [signer for signer in self._signers if signer.human == reviewer]
        if own and self._verify(bundle, reviewer, *self._revoked):
            return ""
        told = key_of(bundle.signature)
        if told is None:
            return "its signature cannot be read"
        blob, namespace = told
        if namespace != self._namespace:
            return f"it is signed for {namespace[:60]!r} and not for {self._namespace}"
        name = fingerprint(blob)
        other = next((signer.human for signer in self._signers if signer.blob == blob), None)
        if other is not None and other != reviewer:
            return f"it speaks for {reviewer} and is signed with a key of {other} ({name})"
        if other is None:
            return f"it is signed with a key that is not listed for {reviewer} ({name})"
        if not self._run("check-novalidate", bundle, ("-n", self._namespace)):
            return "its content was changed after it was signed, or the signature is not one of that key"
        if self._revoked and self._verify(bundle, reviewer):
            # ssh-keygen says the same of a file that it cannot read; there nothing is signed off either.
            named = base64.b64encode(blob) in self._revoked_keys or name.encode() in self._revoked_keys
            doubt = "" if named else ", or the file of revoked keys cannot be read"
            return f"its key was revoked{doubt} ({name})"
        return f"its key is not valid at this time ({name})"

    def _verify(self, bundle: Bundle, reviewer: str, *more: str) -> bool:
        asked = ("-f", str(self._home / "signers"), "-I", reviewer, "-n", self._namespace)
        return self._run("verify", bundle, (*asked, *more, f"-Overify-time={self._time}"))

    def _run(self, action: str, bundle: Bundle, arguments: Sequence[str]) -> bool:
        signature = self._home / "signature"
        signature.write_bytes(bundle.signature)
        done = process.run(
            (PROGRAM, "-Y", action, *arguments, "-s", str(signature)),
            cwd=self._home,
            env=process.clean_environment(self._home, self._home, TZ="UTC", LC_ALL="C"),
            timeout_seconds=TIMEOUT_SECONDS,
            stdin=bundle.payload,
        )
        if done.trouble:
            raise SigningError(
                f"signed statements cannot be verified: {PROGRAM} {done.trouble}", hint=_NOT_INSTALLED
            )
        if done.returncode and re.search(
            r"(?i)invalid option|unsupported option|illegal option|unknown option|usage:", done.stderr
        ):
            raise SigningError(
                f"signed statements cannot be verified: this {PROGRAM} is too old", hint=_NOT_INSTALLED
            )
        return done.returncode == 0


def key_of(signature: bytes) -> tuple[bytes, str] | None:
    """Return the public key and the namespace that an armoured SSH signature names; None if it is none.

    Nothing is verified here: it says whose signature it claims to be.
    """
    body = b"".join(line for line in signature.splitlines() if not line.startswith(b"-----"))
    try:
        raw = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    if raw[:10] != b"SSHSIG\0\0\0\1":
        return None
    fields, at = [], 10
    for _ in range(2):
        size = int.from_bytes(raw[at : at + 4])
        fields.append(raw[at + 4 : at + 4 + size])
        if len(fields[-1]) != size or not size:
            return None
        at += 4 + size
    return fields[0], fields[1].decode("utf-8", "replace")


def sign(
    payload: bytes, key: Path, *, namespace: str = NAMESPACE, at_terminal: bool = True
) -> tuple[bytes, str]:
    """Return the armoured signature over `payload` and the fingerprint of the key that made it.

    `key` is a private key file, or a public one whose private half is in the SSH agent or on a security key.
    ssh-keygen asks for a passphrase or a touch at the user's own terminal, unless there is none (`at_terminal`
    false): then a key with a passphrase cannot sign. Raises UsageError if it does not sign, SigningError if it
    cannot be started.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in _SIGNING_VARIABLES if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="gate-sign-") as folder:
        file = Path(folder) / "statement"
        file.write_bytes(payload)
        command = (PROGRAM, "-Y", "sign", "-f", str(key.absolute()), "-n", namespace, str(file))
        if at_terminal:
            done = process.run_at_terminal(command, env=environment)
        else:
            done = process.run(command, cwd=Path(folder), env=environment, timeout_seconds=TIMEOUT_SECONDS)
        if done.error:
            raise SigningError(f"{PROGRAM} could not be started ({done.error})", hint=_NOT_INSTALLED)
        signature = Path(f"{file}.sig")
        if done.returncode != 0 or not signature.is_file():
            told = " ".join(done.stderr.replace(folder, "").split())[:300]
            raise UsageError(
                f"{key}: nothing was signed: {PROGRAM} ended with {done.returncode}"
                + (f": {told}" if told else ""),
                hint=("Its own words are above. " if at_terminal else "")
                + "Give a private key, or the .pub file of a key in the SSH agent.",
            )
        text = signature.read_bytes()
    told_key = key_of(text)
    if told_key is None:
        raise SigningError(f"{PROGRAM} wrote a signature that cannot be read", hint=_NOT_INSTALLED)
    return text, fingerprint(told_key[0])

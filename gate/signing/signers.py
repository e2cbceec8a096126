"""Whose keys count: those of the policy, and the lines of an allowed signers file that speak for one person.

`ssh-keygen` accepts much more than that: a wildcard lets one key speak for everybody, a line without
namespaces makes every signature a sign-off, a certificate authority names people whom nobody listed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Signatures of other programs with the same key, such as those of commits, are in other namespaces.
NAMESPACE = "gate-signoff"
#: That of machines which sign records of verdicts: no key of theirs can sign a change off.
EVIDENCE = "gate-evidence"

#: Words of a line; a quoted value may hold blanks.
_WORD = re.compile(r'(?:"[^"]*"|[^\s"])+')
_TIME = re.compile(r"\d{8}(?:\d{4}(?:\d{2})?)?Z?")
_KEY_TYPE = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A key that speaks for one human, or for one machine in the namespace of evidence. `options` is a text for
    the signers file, `blob` the decoded key.
    """

    human: str
    kind: str
    blob: bytes
    options: str = ""
    namespace: str = NAMESPACE

    @property
    def line(self) -> str:
        options = f'namespaces="{self.namespace}"' + (f",{self.options}" if self.options else "")
        return f"{self.human} {options} {self.kind} {base64.b64encode(self.blob).decode('ascii')}"


def fingerprint(blob: bytes) -> str:
    """Return `SHA256:…` as ssh-keygen prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def policy_signers(
    keys: Mapping[str, Iterable[str]], *, namespace: str = NAMESPACE, until: Mapping[str, str] | None = None
) -> tuple[Signer, ...]:
    """Return the signers of the policy: public keys, as `ssh-ed25519 AAAA… comment`, by id of their owner.

    `until` has the last day (YYYY-MM-DD, UTC) on which the keys of an owner are valid, for those that have one.
    """
    found = []
    for human, texts in keys.items():
        for text in texts:
            kind, _, rest = text.partition(" ")
            blob = _blob(rest.split(" ", 1)[0])
            if blob is not None:
                day = (until or {}).get(human)
                options = f'valid-before="{day.replace("-", "")}235959"' if day else ""
                found.append(Signer(human=human, kind=kind, blob=blob, options=options, namespace=namespace))
    return tuple(found)


def allowed_signers(
    text: bytes,
    name: str,
    humans: Iterable[str] | None,
    taken: Iterable[Signer] = (),
    *,
    namespace: str = NAMESPACE,
) -> tuple[tuple[Signer, ...], tuple[str, ...]]:
    """Return the signers of an allowed signers file, and a sentence with `name:line` for each refused line.

    `humans` are the ids that a line can speak for (None: any), `taken` signers that are known already: a key
    speaks for one person only.
    """
    known = None if humans is None else set(humans)
    owner = {signer.blob: signer.human for signer in taken}
    found: list[Signer] = []
    problems: list[str] = []
    for number, raw in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        signer = _signer(line, known, namespace)
        if isinstance(signer, Signer) and owner.get(signer.blob, signer.human) != signer.human:
            signer = f"its key speaks for {owner[signer.blob]} already"
        if isinstance(signer, str):
            problems.append(f"{name}:{number}: this line was refused: {signer}")
            continue
        owner[signer.blob] = signer.human
        found.append(signer)
    return tuple(found), tuple(problems)


def _signer(line: str, humans: set[str] | None, namespace: str) -> Signer | str:
    """The signer that a line names, or why it names none."""
    words = _WORD.findall(line)
    principal = words[0].strip('"')
    if re.search(r"[*?!]", principal):
        return "a wildcard would let one key speak for many people"
    if "," in principal:
        return "a key speaks for one person; write one line for each"
    if humans is not None and principal not in humans:
        return f"{principal[:60]!r} is not the id of a human of the policy"
    at = next((n for n, word in enumerate(words) if n and _KEY_TYPE.fullmatch(word)), None)
    blob = _blob(words[at + 1]) if at is not None and len(words) > at + 1 else None
    if at is None or blob is None or blob[4 : 4 + len(words[at])] != words[at].encode():
        return "it holds no whole public key"
    if at > 2:
        return "it has more than one word of options"
    options = _options(words[1]) if at == 2 else {}
    if "cert-authority" in options:
        return "a certificate authority would name people whom nobody listed"
    if options.get("namespaces") != namespace:
        return f'it must have exactly the option namespaces="{namespace}"'
    times = {key: value for key, value in options.items() if key in ("valid-after", "valid-before")}
    if len(times) + 1 != len(options) or not all(_TIME.fullmatch(value) for value in times.values()):
        return "it has an option that is not known here"
    told = ",".join(f'{key}="{value}"' for key, value in sorted(times.items()))
    return Signer(human=principal, kind=words[at], blob=blob, options=told, namespace=namespace)


def _options(text: str) -> dict[str, str]:
    found = {}
    for name, value in re.findall(r'([A-Za-z-]+)(?:="([^"]*)")?', text):
        found[name.lower()] = value
    rebuilt = re.sub(r'[A-Za-z-]+(?:="[^"]*")?(?:,|$)', "", text)
    return found | ({"?": rebuilt} if rebuilt else {})


def _blob(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None

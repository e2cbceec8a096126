"""What decides, beside the files themselves, what a scan says: shards that differ in it are not joined."""

from __future__ import annotations

import functools
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from gate import __version__
from gate.scanners import identities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from gate.core.policy import Policy
    from gate.scanners import Rules


def made_with(policy: Policy, rules: Rules, only: frozenset[str] | None) -> Mapping[str, str]:
    """Return the values of a shard's `scan` that say with what it was scanned."""
    return {
        "gate": __version__,
        "code": _code_digest(),
        "policy": policy.digest,
        "rules": rules.digest,
        "scanners": "all of the policy" if only is None else " ".join(sorted(only)),
        "tools": "; ".join(identities(policy.scanners, rules, only=only)),
    }


@functools.cache
def _code_digest() -> str:
    """Return a digest of the gate's own code, for one version may be many commits."""
    whole = hashlib.sha256()
    for file in _files(resources.files("gate")):
        whole.update(file.read_bytes())
    return f"sha256:{whole.hexdigest()}"


def _files(folder: Traversable) -> Iterator[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir():
            yield from _files(one)
        elif one.name.endswith(".py"):
            yield one

"""Where the shipped rulesets are on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gate.errors import ConfigError

# Agents and presets have digests of their own; files for Semgrep are in the digest of the rules.
_ELSEWHERE = frozenset({"agents", "policies", "semgrep", "parse"})


def directory() -> Path:
    """Return the folder of the shipped rulesets.

    An installed wheel carries them beside its own code; a source tree has them at its top. `sys.path` is
    never searched: an editable install leaves a stale copy in site-packages.
    Raises ConfigError if neither is there.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_rulesets", package.parent / "rulesets"):
        if candidate.is_dir():
            return candidate
    raise ConfigError(
        f"{package}: the shipped rulesets are missing from this installation",
        hint="Install it again: pip install --force-reinstall ai-merge-gate",
    )


def decisive(top: Path) -> str:
    """Return `sha256:` over the data in the rulesets folder `top` that decides beside Semgrep's rules.

    These are families, areas, checks of the change, frameworks of controls and prompts: names and contents.
    """
    parts = [path for path in sorted(top.iterdir()) if path.name not in _ELSEWHERE]
    files = [path for part in parts for path in (part, *sorted(part.rglob("*"))) if path.is_file()]
    found = hashlib.sha256()
    for path in files:
        data = path.read_bytes()
        found.update(f"{path.relative_to(top).as_posix()}\0{len(data)}\0".encode())
        found.update(data)
    return f"sha256:{found.hexdigest()}"

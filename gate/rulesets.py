"""Where the shipped rulesets are on disk."""

from __future__ import annotations

from pathlib import Path

from gate.errors import ConfigError


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

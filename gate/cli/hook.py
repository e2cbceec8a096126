"""What pre-commit runs: `gate check` on this branch, or a look at the policy that is being edited."""

from __future__ import annotations

import sys
from pathlib import Path

from gate.core.verdict import Outcome
from gate.errors import EXIT_CODES, EXIT_USAGE


def main(arguments: list[str]) -> int:
    """Return 0 where the push or commit may go on; waiting for a human is CI's matter."""
    from gate.cli import run  # noqa: PLC0415 - start-up stays cheap

    if arguments[:1] == ["--policy"]:
        return _policy()
    code = run(["check", *arguments])
    return 0 if code == EXIT_CODES[Outcome.NEEDS_SIGNOFF] else code


def _policy() -> int:
    from gate.config import load_policy  # noqa: PLC0415
    from gate.errors import ConfigError  # noqa: PLC0415

    try:
        policy = load_policy(Path(".gate.yml").read_bytes())
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    for remark in policy.warnings:
        sys.stderr.write(f"warning: {remark}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What `gate signoff` is asked for: who asks, about which change or release, and with what."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gate.cli import options
from gate.errors import UsageError

if TYPE_CHECKING:
    from gate.core.release.model import Released
    from gate.core.review import Signoff
    from gate.pipeline.release.run import Wanted
    from gate.pipeline.request import Progress, Request
    from gate.pipeline.signing import Looked

#: Variables that coding agents set in the shells that they run. A speed bump, not a control.
AGENT_VARIABLES = (
    "CLAUDECODE",
    "CLAUDE_CODE_REMOTE",
    "CURSOR_AGENT",
    "CODEX_INTERNAL_ORIGINATOR_OVERRIDE",
    "GEMINI_CLI",
)


def need_a_human(environment: dict[str, str]) -> None:
    """Raise UsageError in the shell of a coding agent, and where nobody sits at a terminal."""
    for name in AGENT_VARIABLES:
        if environment.get(name):
            raise UsageError(
                f"{name} is set: this shell belongs to a coding agent, and a sign-off is a human's",
                hint="Read the change yourself, in a terminal of your own, and sign it there.",
            )
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UsageError(
            "there is no terminal, and a sign-off needs a human at one",
            hint="Run the command by hand. A pipeline verifies statements; it cannot make any.",
        )


def request_of(given: dict[str, Any]) -> Request:
    """Return what the options of a command ask for."""
    from gate.pipeline.cache import secret  # noqa: PLC0415 - start-up stays cheap
    from gate.pipeline.request import Request  # noqa: PLC0415

    def path(name: str) -> Path | None:
        return Path(given[name]).expanduser() if given.get(name) else None

    return Request(
        repo=Path(given["repo"]),
        base=given["base"],
        head=given["head"],
        target=given["target"],
        config=path("config"),
        reviews=path("reviews"),
        signoffs=path("signoffs"),
        jobs=given["jobs"],
        cache=options.cache_folder(no_cache=given["no_cache"], cache_dir=given["cache_dir"]),
        cache_secret=secret(os.environ),
        now=options.parse_now(given["now"]),
        environment=dict(os.environ),
    )


def _wanted(given: dict[str, Any]) -> Wanted:
    from gate.pipeline.release.run import Wanted  # noqa: PLC0415 - only for releases

    for option in ("base", "head", "target"):
        if given[option] is not None:
            raise UsageError(
                f"--release and --{option} both say what is signed", hint="Give --release PREV..TAG alone."
            )
    return Wanted(
        range=given["release"],
        baseline=given["baseline"],
        evidence=given["evidence"],
        repository=given.get("repository"),
    )


def look_at_range(request: Request, given: dict[str, Any], stage: Progress) -> tuple[Looked, Released]:
    """Return what of the release in `--release` is to be signed, and its judgement."""
    from gate.pipeline.release.signing import look_at_release  # noqa: PLC0415

    return look_at_release(request, _wanted(given), stage)


def signoff_of_release(request: Request, given: dict[str, Any], stage: Progress) -> Signoff:
    """Return what becomes of the statements about the release in `--release`."""
    from gate.core.review import Signoff  # noqa: PLC0415
    from gate.core.verdict import Outcome  # noqa: PLC0415
    from gate.pipeline.release.run import judge_release  # noqa: PLC0415

    said = judge_release(request, _wanted(given), stage).release.statements
    return said or Signoff(outcome=Outcome.INCOMPLETE)


def digest_of(path: str) -> str:
    """Return `sha256:` and the digest of a file. Raises UsageError if it cannot be read."""
    import hashlib  # noqa: PLC0415

    try:
        data = Path(path).expanduser().read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", hint="Check --report.") from error
    return f"sha256:{hashlib.sha256(data).hexdigest()}"

"""A private folder in which an engine's program finds nothing but what it is given."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Credentials in the order in which the CLI prefers them. Not more than one is given to an engine.
CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
ADDRESS = "ANTHROPIC_BASE_URL"
_LOOPBACK = re.compile(r"http://(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?(?:/[^\s@]*)?")
_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[^\s@]*)?")


class PrivateFolder(tempfile.TemporaryDirectory[str]):
    """A folder for its owner only, with an empty one to work in; it is gone whatever happens, and so is who works there."""

    def __init__(self) -> None:
        super().__init__(prefix="gate-ai-", ignore_cleanup_errors=True)

    def __enter__(self) -> Path:  # type: ignore[override]
        folder = Path(super().__enter__())
        for name in ("cwd", "home", "cfg", "tmp"):
            (folder / name).mkdir(mode=0o700)
        return folder

    def __exit__(self, *raised: object) -> None:
        end_inside(Path(self.name))
        super().__exit__(*raised)  # type: ignore[arg-type]


def end_inside(folder: Path) -> None:
    """Kill what works inside a folder: a program of ours can leave its group, and what it left would go on there.

    Linux only; elsewhere the end of the group has to do.
    """
    inside = f"{folder.resolve()}{os.sep}"
    for process in Path("/proc").glob("[0-9]*"):
        # Those of others cannot be looked at, and each can end at any time.
        with contextlib.suppress(OSError):
            if f"{(process / 'cwd').readlink()}{os.sep}".startswith(inside):
                os.kill(int(process.name), signal.SIGKILL)


def address_problem(environment: Mapping[str, str]) -> str:
    """Say what is wrong with the address of the service: a key travels by https or stays on this machine."""
    address = environment.get(ADDRESS, "")
    if not address or _HTTPS.fullmatch(address) or _LOOPBACK.fullmatch(address):
        return ""
    return f"{ADDRESS} is neither https nor on this machine"

"""Checks of this machine: programs, versions, folders."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gate import __version__, process
from gate.pipeline.cache import default_folder
from gate.pipeline.doctor.check import Check, fail, ok, warn
from gate.scanners import installed
from gate.scanners.semgrep import find_executable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gate.core.policy import Policy

#: Update merges are recognised by `git merge-tree --write-tree`, which came with this version.
GIT = (2, 38)
#: Signed statements are verified with options that came with this version.
OPENSSH = (8, 9)
_SECONDS = 30.0


def checks(environment: Mapping[str, str], policy: Policy | None) -> Iterator[Check]:
    """Yield what there is on this machine."""
    yield ok("gate", f"version {__version__} on Python {sys.version.split()[0]}")
    yield git()
    yield semgrep(required=policy is None or policy.scanners.semgrep.required)
    yield bandit(required=policy is None or policy.scanners.bandit.required)
    keys = policy is not None and any(human.keys for human in policy.signoff.humans)
    yield ssh_keygen(needed=keys)
    yield cache(environment)


def git() -> Check:
    """Whether git is there and new enough."""
    text = _said("git", "--version")
    found = _number(text)
    if not found:
        return fail("git", "git is not installed, or does not start", f"Install git {_dotted(GIT)} or newer.")
    if found < GIT:
        return warn(
            "git",
            f"version {_dotted(found)}: merges of the target into a branch cannot be told from changes of its own",
            f"Install git {_dotted(GIT)} or newer; until then approvals are lost on every update of a branch.",
        )
    return ok("git", f"version {_dotted(found)}")


def semgrep(*, required: bool) -> Check:
    """Whether Semgrep is there."""
    place, version = find_executable("semgrep"), installed.version("semgrep")
    if place is None:
        told = "Install the gate again: pip install --force-reinstall ai-merge-gate. It brings Semgrep."
        return (fail if required else warn)("semgrep", "Semgrep is not installed", told)
    beside = place.parent == Path(sys.executable).parent
    if not beside or not version:
        return warn(
            "semgrep",
            f"{place} is used, which was not installed with this gate",
            "Install the gate with Semgrep in one environment, so that rules and engine fit together.",
        )
    return ok("semgrep", f"version {version}")


def bandit(*, required: bool) -> Check:
    """Whether Bandit is there."""
    version = installed.version("bandit")
    if not version:
        told = "Install the gate again: pip install --force-reinstall ai-merge-gate. It brings Bandit."
        return (fail if required else warn)("bandit", "Bandit is not installed", told)
    return ok("bandit", f"version {version}")


def ssh_keygen(*, needed: bool) -> Check:
    """Whether signed statements can be verified."""
    mend = f"Install OpenSSH {_dotted(OPENSSH)} or newer (package openssh-client)."
    if shutil.which("ssh-keygen") is None:
        told = "ssh-keygen is not installed, so signed statements cannot be verified"
        if needed:
            return fail("ssh-keygen", f"{told}; the policy lists keys", mend)
        return warn("ssh-keygen", told, mend)
    found = _number(_said("ssh", "-V")) if shutil.which("ssh") else ()
    if found and found < OPENSSH:
        return (fail if needed else warn)("ssh-keygen", f"OpenSSH {_dotted(found)} is too old", mend)
    return ok("ssh-keygen", f"OpenSSH {_dotted(found)}" if found else "there; its version is not told")


def cache(environment: Mapping[str, str]) -> Check:
    """Whether results of scanners can be kept."""
    if environment.get("GATE_NO_CACHE"):
        return ok("cache", "not used (GATE_NO_CACHE)")
    given = environment.get("GATE_CACHE_DIR")
    folder = Path(given).expanduser() if given else default_folder(environment)
    mend = "Give a folder that can be written: GATE_CACHE_DIR. Without one every run scans everything anew."
    if folder is None:
        return warn("cache", "there is no home folder to keep results in", mend)
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return warn("cache", f"{folder} cannot be written: {error.strerror}", mend)
    return ok("cache", str(folder))


def _said(*argv: str) -> str:
    """Both streams of a program that is only asked for its version."""
    with tempfile.TemporaryDirectory(prefix="gate-doctor-") as folder:
        home = Path(folder)
        done = process.run(
            argv,
            cwd=home,
            env=process.clean_environment(home, home),
            timeout_seconds=_SECONDS,
            max_output_bytes=10_000,
        )
    return done.stdout.decode("utf-8", "replace") + done.stderr


def _number(text: str) -> tuple[int, ...]:
    found = re.search(r"(?:git version |OpenSSH_(?:for_Windows_)?)(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else ()


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))

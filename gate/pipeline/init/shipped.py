"""CI files that are shipped, and the commit of the gate that they are to be pinned to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from gate import __version__, rulesets
from gate.errors import ConfigError, GateError, UsageError
from gate.git import Repository

#: Stands for the account that holds a team's copy of the gate, where nothing says which one that is.
UNKNOWN_OWNER = "OWNER"
_GIVEN = re.compile(r"(?P<where>[A-Za-z0-9][\w.:/-]*[\w-])@(?P<revision>[0-9a-f]{40})")
_GIVE = "Give it as --source HOST/OWNER/ai-merge-gate@COMMIT, with all 40 digits of the commit."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where CI gets the gate from: `host`, `path` of the project, and the full id of a commit."""

    host: str
    path: str
    revision: str

    @property
    def is_known(self) -> bool:
        """Whether the project is one that somebody named, and not the stand-in for it."""
        return not self.path.startswith(f"{UNKNOWN_OWNER}/")

    @property
    def url(self) -> str:
        """The address that git can fetch from."""
        return f"https://{self.host}/{self.path}.git"


def template(name: str) -> str:
    """Return the text of a shipped CI file by its path below the templates, such as `github/gate.yml`.

    An installed wheel carries them beside its own code; a source tree has them at its top.
    Raises ConfigError if it is not there.
    """
    top = rulesets.directory()
    for folder in (top.parent / "_templates", top.parent / "templates"):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise ConfigError(
        f"{top.parent}: the shipped CI file {name} is missing from this installation",
        hint="Install it again: pip install --force-reinstall ai-merge-gate",
    )


def pinned(text: str, source: Source) -> str:
    """Return a shipped CI file with project, commit and version of the gate filled in."""
    filled = text.replace("GATE_REPOSITORY", source.path).replace("GATE_REVISION", source.revision)
    return filled.replace("GATE_VERSION", f"v{__version__}")


def find_source(given: str | None, host: str) -> Source:
    """Return where CI gets the gate from: the option, else the copy that is running.

    A copy that knows its commit and no address gives the stand-in OWNER on `host`. Raises UsageError for a
    value that cannot be used, or if not even the commit is known: CI files pin the gate to one.
    """
    if given is not None:
        return _given(given, host)
    url, revision = _installed()
    if not revision:
        url, revision = _checked_out()
    if not revision:
        raise UsageError("which commit of the gate CI is to use is not known", hint=_GIVE)
    place = url and _place(url)
    if not place:
        return Source(host=host, path=f"{UNKNOWN_OWNER}/ai-merge-gate", revision=revision)
    return Source(host=place[0], path=place[1], revision=revision)


def _given(text: str, host: str) -> Source:
    found = _GIVEN.fullmatch(re.sub(r"^(https?|ssh)://(?:[^/@]*@)?", "", text.strip()))
    if found is None:
        raise UsageError(f"--source {text}: is no project with the full id of a commit", hint=_GIVE)
    where = found["where"].removesuffix(".git").strip("/")
    first, _, rest = where.partition("/")
    if "." not in first and ":" not in first:
        first, rest = host, where
    if "/" not in rest or not all(re.fullmatch(r"[\w-][\w.-]*", part) for part in rest.split("/")):
        raise UsageError(f"--source {text}: names no project of a forge", hint=_GIVE)
    return Source(host=first.lower(), path=rest, revision=found["revision"])


def _place(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    path = parts.path.strip("/").removesuffix(".git")
    if parts.scheme not in ("https", "ssh") or not parts.hostname or path.count("/") < 1:
        return None
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", path):
        return None
    return parts.hostname, path


def _installed() -> tuple[str, str]:
    """Address and commit as pip wrote them down when it installed the gate from a repository."""
    try:
        told = json.loads(metadata.distribution("ai-merge-gate").read_text("direct_url.json") or "{}")
        revision = str(told.get("vcs_info", {}).get("commit_id", ""))
        return str(told.get("url", "")), revision if re.fullmatch("[0-9a-f]{40}", revision) else ""
    except (metadata.PackageNotFoundError, ValueError, AttributeError):
        return "", ""


def _checked_out() -> tuple[str, str]:
    """Address and commit of the source tree that this code runs from, if it is one."""
    top = rulesets.directory().parent
    if not Path(top / ".git").exists():
        return "", ""
    try:
        with Repository.open(top) as repository:
            host, slash, path = repository.name.partition("/")
            return f"https://{host}/{path}" if slash else "", repository.resolve("HEAD")
    except GateError:
        return "", ""

"""Bringing the objects of one merge request into an empty bare repository, without a checkout.

Nothing is written but objects and refs: no work tree, no hooks, no filters, no submodules, no tags. The proof
of who asks goes through the environment, where no list of processes shows it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gate.errors import GitError
from gate.git.command import ENVIRONMENT
from gate.git.remote import SharedRef
from gate.process import run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from gate.process import Completed

#: Seconds for one fetch, and how often a broken connection is tried again.
FETCH_SECONDS = 600
TRIES = 3
#: How a proxy is named; the rest of the environment stays behind.
_PROXIES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST_MESSAGE = 400


class Fetcher:
    """Fetches from one URL into the folder `folder`, which becomes a bare repository with the remote `origin`."""

    def __init__(self, folder: Path, url: str, *, header: str = "", ca_file: str = "") -> None:
        """`header` is one HTTP header with the proof of who asks. Raises GitError for an unsafe URL."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise GitError(
                f"{url}: objects are fetched over https only", hint="Correct the address of the forge."
            )
        self._folder = folder
        self._home = folder.with_name(f"{folder.name}-home")
        self._home.mkdir(parents=True, exist_ok=True)
        settings = {
            "fetch.fsckObjects": "true",
            "transfer.fsckObjects": "true",
            "protocol.version": "2",
            "http.followRedirects": "initial",
            "gc.auto": "0",
            "maintenance.auto": "false",
        }
        if header:
            settings[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = header
        if ca_file:
            settings["http.sslCAInfo"] = ca_file
        self._environment = _environment(self._home, settings, parts.scheme)
        self._git("init", "-q", "--bare", str(folder), inside=False)
        self._git("config", "remote.origin.url", url)

    def fetch(self, refs: Mapping[str, str], *, optional: Iterable[str] = ()) -> None:
        """Fetch remote refs under new names (`refs/heads/x` → `refs/remotes/origin/x`), with all history.

        `optional` are patterns (`refs/notes/*`) of refs that keep their names and may be absent. Raises
        GitError if a ref is not there or the connection fails.
        """
        specs = [f"+{there}:{here}" for there, here in refs.items()]
        specs += [f"+{pattern}:{pattern}" for pattern in optional]
        for attempt in range(TRIES):
            try:
                self._fetch(specs)
            except GitError as error:
                if attempt + 1 == TRIES or "couldn't find remote ref" in error.message:
                    raise
            else:
                return

    def fetch_commits(self, shas: Collection[str]) -> None:
        """Fetch commits that no ref names any more, as far as the server hands them out."""
        for sha in shas:
            try:
                self._fetch([f"+{sha}:refs/gate/{sha}"])
            except GitError:
                continue  # whoever needs it says that it is not there

    def shared(self) -> SharedRef:
        """Return the remote as one that refs are pushed to, with the same proof of who asks."""
        return SharedRef("origin", lambda arguments: self._start((f"--git-dir={self._folder}", *arguments)))

    def _fetch(self, specs: list[str]) -> None:
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-gc")
        self._git("fetch", *options, "origin", *specs)

    def _git(self, *arguments: str, inside: bool = True) -> None:
        done = self._start(((f"--git-dir={self._folder}",) if inside else ()) + arguments)
        if done.returncode != 0:
            told = " ".join(done.stderr.split())[:_LONGEST_MESSAGE]
            raise GitError(
                f"git {arguments[0]} {done.trouble or f'ended with exit code {done.returncode}: {told}'}",
                hint="Check the address of the forge, the proxy, and that the token may read the code.",
            )

    def _start(self, arguments: tuple[str, ...]) -> Completed:
        return run(
            ["git", *arguments],
            cwd=self._home,
            env=self._environment,
            timeout_seconds=FETCH_SECONDS,
            max_output_bytes=1_000_000,
        )


def _environment(home: Path, settings: Mapping[str, str], scheme: str) -> dict[str, str]:
    variables = dict(ENVIRONMENT)
    variables |= {name: os.environ[name] for name in _PROXIES if os.environ.get(name)}
    variables |= {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "GIT_ALLOW_PROTOCOL": scheme,
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for place, (key, value) in enumerate(settings.items()):
        variables[f"GIT_CONFIG_KEY_{place}"] = key
        variables[f"GIT_CONFIG_VALUE_{place}"] = value
    return variables

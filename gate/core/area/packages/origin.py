"""Where a package comes from, without what changes with every version."""

from __future__ import annotations

import re

_URL = re.compile(
    r"(?<![a-z0-9+.-])(?P<scheme>[a-z][a-z0-9+.-]{0,30})://(?:[^/@\s]*@)?(?P<host>[^/\s?#]+)(?P<path>[^\s?#]*)",
    re.IGNORECASE,
)
_SSH = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+\.[a-z]+):(?P<path>[\w./-]+)")
_SHORT = re.compile(r"(?P<forge>github|gitlab|bitbucket|gist):(?P<path>[\w./-]+)")
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeload.github.com")


def origin(url: object) -> str:
    """Return scheme and host of a registry's URL, the repository of a git URL, a path as it is; else ''.

    Names of files, versions and commits are left out, so that equal origins are equal texts.
    """
    if not isinstance(url, str) or not url.strip():
        return ""
    text = url.strip()[:2_000]
    if found := _URL.search(text):
        scheme, host = found["scheme"].lower(), found["host"].lower()
        if "git" in scheme or "svn" in scheme or "hg" in scheme or ".git" in found["path"] or host in _FORGES:
            path = re.split(
                r"\.git\b|@|/(?:archive|tar\.gz|tarball|zipball|releases)\b", found["path"], maxsplit=1
            )[0]
            return f"{scheme}://{host}{path.rstrip('/')}"
        return f"{scheme}://{host}"
    if found := _SHORT.match(text) or _SSH.match(text):
        return f"{found[1]}:{found['path'].removesuffix('.git')}"
    if text.startswith(("file:", "link:", "portal:", ".", "/", "~/")):
        return text
    return ""


def is_short_repository(text: str) -> bool:
    """Whether a version of npm is a repository of GitHub: `owner/name#commit`."""
    return re.fullmatch(r"[\w.-]+/[\w.-]+(?:#\S*)?", text) is not None

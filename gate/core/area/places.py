"""Where the formats of deployment and build tools name what they fetch: one pattern a format, by file name."""

from __future__ import annotations

import re

_URL = r"(?:https?|ssh|git|oci|s3|gcs|hg|file)(?:::\w+)?(?:::|://)"
#: (names of files, what names a source, what it is called); a line is matched from its beginning.
_PLACES = tuple(
    (re.compile(name), re.compile(line), called)
    for name, line, called in (
        (r"\.ya?ml$", r"\s*(?:-\s+)?[\"']?image[\"']?\s*:\s*[\"']?([^\s\"'{}$#@,]+/[^\s\"'{}$#@,]+)", "image"),
        (r"\.(?:tf|hcl|tofu)$", rf"\s*source\s*=\s*\"((?:{_URL}|git@|(?:github\.com|bitbucket\.org|gitlab\.com)/)[^\"?]+)", "module"),
        (r"(?:^|/)(?:chart|requirements)\.(?:ya?ml|lock)$", rf"\s*(?:-\s+)?repository\s*:\s*[\"']?({_URL}[^\s\"']+)", "chart"),
        (r"(?:^|/)requirements\.ya?ml$", r"\s*(?:-\s+)?(?:src|source)\s*:\s*[\"']?([^\s\"']+[:/][^\s\"']+)", "role"),
        (r"(?:^|/)kustomization\.ya?ml$", rf"\s*-\s+[\"']?((?:{_URL}|git@|github\.com/)[^\s\"'?]+)", "base"),
        (r"(?:^|/)(?:(?:workspace|module)(?:\.bazel|\.bzlmod)?|[^/]+\.bzl)$", r"[^#]*?[\"']((?:https?|ssh|git)(?:://|@)[^\s\"']+)", "archive"),
        (r"(?:^|/)cmakelists\.txt$|\.cmake$", r"[^#]*?\b(?:GIT_REPOSITORY|URL)\s+[\"']?([^\s\"')]+[:/][^\s\"')]+)", "archive"),
        (r"(?:^|/)[^/]*(?:docker|container)file[^/]*$", rf"\s*ADD\s+(?:--\S+\s+){{0,4}}((?:{_URL}|git@)\S+)", "download"),
        (r"(?:^|/)[^/]*(?:docker|container)file[^/]*$", r"[^#]*?\b(?:curl|wget)\b[^\n]*?(https?://[^/\s\"'$)]+)", "download"),
    )
)  # fmt: skip
_VERSION = re.compile(r"(?<=[^/]):[\w.-]+$")
#: Of an address there counts whose it is, not which release of it.
_OWNER = re.compile(rf"({_URL}[^/]+(?:/[^/]+){{0,2}})")


def places_of(path: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns for the lines of a file, with what they find."""
    lowered = path.casefold()
    return tuple((line, called) for name, line, called in _PLACES if name.search(lowered))


def source_of(found: str, called: str) -> str:
    """Return the source that a line names, without the release of it that is wanted."""
    if called == "image":
        return f"{called} {_VERSION.sub('', found).casefold()}"
    owner = _OWNER.match(found)
    return f"{called} {(owner[1] if owner else found).removesuffix('.git')}"

"""Where programs of a change get other programs from: options and variables of package managers on changed lines.

Manifests and locks are read by `supply`; this is for what stands in a Dockerfile, a pipeline or a script.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.kinds import Kind, extension, kind_of
from gate.core.area.model import SUPPLY, TEXT_CHARACTERS, Touch
from gate.core.area.places import places_of, source_of
from gate.core.area.supply import MOST_ROWS
from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.change import FileChange

#: What stands farther right in a line, or farther down among the changed lines, is not looked at.
MAX_COLUMNS = 500
MAX_LINES = 5_000

_INSTALLERS = (
    "pip pip3 pipx uv poetry pdm conda mamba npm npx yarn pnpm bun bunx gem bundle cargo dotnet nuget apk"
)
#: Options of those that name a source, or say that it need not be verified.
_OPTIONS = """
    extra-index-url index-url default-index index find-links trusted-host allow-insecure-host registry source
    add-source repository channel"""
#: Options that nothing but an installer has: they count on a line of their own.
_PLAIN_OPTIONS = "extra-index-url index-url default-index trusted-host allow-insecure-host registry"
_VARIABLES = r"""
    PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_FIND_LINKS PIP_CONFIG_FILE
    UV_INDEX UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_INSECURE_HOST
    (?i:npm_config_registry) (?i:npm_config_strict_ssl) YARN_REGISTRY YARN_NPM_REGISTRY_SERVER
    GOPROXY GOSUMDB GONOSUMDB GONOSUMCHECK GONOPROXY GOINSECURE GOPRIVATE CARGO_REGISTRIES_\w+ CARGO_SOURCE_\w+
    BUNDLE_MIRROR\w* RUBYGEMS_HOST CONDA_CHANNELS GIT_SSL_NO_VERIFY"""
_COMMANDS = (
    r"(?:npm|yarn|pnpm) config set [\w@:/.-]*(?:registry|strict-ssl|npmRegistryServer)\w*",
    r"pip[\d.]* config set \S*(?:index-url|trusted-host)",
    "go env -w",
    "gem sources (?:-a|--add)",
    r"bundle config (?:set )?(?:--\w+ )?mirror\.\S+",
    r"composer config (?:-\S+ ){0,4}repo\S*",
    "poetry source add",
    "dotnet nuget add source",
    "helm repo add",
    "(?:add-apt|apt-add)-repository",
    "apt-key (?:add|adv)",
    "(?:yum-config-manager|dnf config-manager) --add-repo",
    "rpm --import",
    "brew tap",
    "conda config --add channels",
)
_SHELL = r"(?:ba|z|da|k)?sh\b"
_DOWNLOADS = r"\b(?:curl|wget)\b"


def _any(words: str) -> str:
    return "|".join(sorted(words.split(), key=lambda word: (-len(word), word)))


_SET = "|".join(_COMMANDS).replace(" ", r"\s+")
_VALUE = r"""["']?[\s=,]+["']?([^\s"',;\\]+)"""
_REST = r"[^\n|&;]{0,200}?"
#: Each has two groups: what names a source, and the source.
_FETCHES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_any(_INSTALLERS)})\b{_REST}[\s\"'](--(?:{_any(_OPTIONS)})){_VALUE}",
        rf"\bpip[\d.]*[\"',\s]+install\b{_REST}[\s\"'](-[if]){_VALUE}",
        rf"^\s*[\"']?(--(?:{_any(_PLAIN_OPTIONS)})){_VALUE}",
        rf"\b({_any(_VARIABLES)})\b[\"']?\s*(?:[:=\s]\s*[\"']?([^\s\"';\\]+)|$)",
        rf"\b({_SET})[\s=:]+([^\n|&;]+)",
        r"\b(deb(?:-src)?)\s+(?:\[[^\]]*\]\s*)?(https?://\S+)",
        rf"\b(?:apt(?:-get)?|apk)\b{_REST}(--(?:allow-unauthenticated|allow-untrusted|force-yes))()",
        # Programs that are downloaded and run unseen.
        rf"({_DOWNLOADS}[^\n|;]*\|\s*(?:sudo\s+(?:-\S+\s+){{0,4}})?(?:env\s+)?(?:{_SHELL}|(?:python[\d.]*|perl|ruby|node)\b))()",
        rf"((?:\b{_SHELL}|\bsource\b|\beval\b)[^\n]{{0,20}}(?:<\(|\$\()\s*{_DOWNLOADS})([^\n)]*)",
        r"(?i:\b((?:irm|iwr|invoke-webrequest|invoke-restmethod)\b[^\n|]*\|\s*(?:iex|invoke-expression)\b))()",
        r"(?i:\b(iex|invoke-expression)\b[^\n]{0,40}\b((?:irm|iwr|invoke-webrequest|invoke-restmethod|downloadstring)\b[^\n]*))",
    )
)
#: One of these stands in every line that one of the patterns finds.
_HINTS = (
    "--", "pip", "uv_", "npm", "yarn", "pnpm", "gopro", "gosum", "gonos", "gonop", "goins", "gopri", "go env", "cargo_", "bundle",
    "rubygems", "conda", "git_ssl", "gem ", "composer", "poetry", "dotnet", "helm", "apt-", "deb ", "deb-src", "dnf", "rpm", "brew",
    "curl", "wget", "iex", "invoke-expression",
)  # fmt: skip

_IMAGE_FILE = re.compile(r"(?:^|/)(?:[\w.-]*[.-])?(?:dockerfile|containerfile)(?:[.-][\w.-]*)?$")
_IMAGE = re.compile(
    r"\s*(?:FROM\s+(?:--\S+\s+){0,4}|COPY\s+(?:--\S+\s+){0,4}?--from=)([^\s:@]+(?::\d+/[^\s:@]+)?)",
    re.IGNORECASE,
)
#: Lines that only people read.
_COMMENT = re.compile(r"\s*(?:#(?!!)|//|;|\*)")


def fetches(file: FileChange) -> Iterator[Touch]:
    """Yield a touch for each source that a change adds, takes away or replaces in a program or its configuration."""
    if kind_of(file.path) not in (Kind.CODE, Kind.CONFIG, Kind.OTHER):
        return
    sides = {side: _sources(file, side) for side in ("old", "new")}
    count = 0
    for side, other in (("old", "new"), ("new", "old")):
        for said, line in sides[side].items():
            if said in sides[other]:
                continue
            count += 1
            if count > MOST_ROWS:
                return
            yield Touch(
                area=SUPPLY,
                layer="L4",
                rule="L4.source",
                path=file.path,
                line=line,
                side=side,
                text=mask_tokens(said[: 4 * TEXT_CHARACTERS])[:TEXT_CHARACTERS],
            )


def _sources(file: FileChange, side: str) -> dict[str, int]:
    """What the changed lines of a side say of sources, and the number of the line that says it first."""
    found: dict[str, int] = {}
    images = _IMAGE_FILE.search(file.path.casefold()) is not None
    places = places_of(file.path)
    is_notebook = extension(file.path) == "ipynb"
    count = 0
    for hunk in file.hunks:
        start, lines = (hunk.old_start, hunk.old) if side == "old" else (hunk.new_start, hunk.new)
        for number, whole in enumerate(lines, start):
            line = whole[:MAX_COLUMNS]
            lowered = line.casefold()
            if images and (image := _IMAGE.match(line)) and "/" in image[1]:
                # Official images, whose names have no slash, are in nobody else's hands.
                found.setdefault(f"image {image[1].casefold()}", number)
            for pattern, called in places:
                if named := pattern.match(line):
                    found.setdefault(source_of(named[1], called), number)
            if not any(hint in lowered for hint in _HINTS) or (_COMMENT.match(line) and not is_notebook):
                continue
            count += 1
            if count > MAX_LINES:
                return found
            for pattern in _FETCHES:
                for hit in pattern.finditer(line):
                    found.setdefault(" ".join(f"{hit[1]} {hit[2] or ''}".split()), number)
    return found

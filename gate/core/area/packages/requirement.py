"""Requirements of Python in text: PEP 508 lines and the options of pip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.packages.model import Parsed
from gate.core.area.packages.origin import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

_REQUIREMENT = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)")
_HASH = re.compile(r"--hash[= ]([\w:]+)")
_INDEX = re.compile(
    r"\s*(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host|--no-index)\b[= ]*(?P<url>\S*)"
)
_EDITABLE = re.compile(r"\s*(?:-e|--editable)[= ]+(?P<where>\S+)")


def add_requirement(parsed: Parsed, line: str) -> None:
    """Note one requirement, such as `pyjwt[crypto]>=2 ; python_version > "3"` or `x @ git+https://…`."""
    found = _REQUIREMENT.fullmatch(line.split(";", 1)[0].strip())
    if not found:
        return
    rest = found["rest"]
    hashes = frozenset(_HASH.findall(rest))
    rest = rest.split("--hash", 1)[0].strip()
    if rest.startswith("@"):
        parsed.add(found["name"], rest.rpartition("@")[2], origin(rest[1:].strip()))
    else:
        parsed.add(found["name"], rest, "", hashes)


def requirements(text: str) -> Parsed:
    """requirements.txt and constraints.txt, with continued lines."""
    parsed = Parsed()
    for line in _logical(text):
        if found := _INDEX.match(line):
            parsed.sources.add(
                line.strip() if not found["url"] else f"{line.split()[0].partition('=')[0]} {found['url']}"
            )
        elif found := _EDITABLE.match(line):
            name = found["where"].partition("#egg=")[2] or found["where"]
            parsed.add(name, "", origin(found["where"]) or found["where"])
        elif (where := origin(line)) and "@" not in line.split("://", 1)[0]:
            parsed.add(line.partition("#egg=")[2] or where, "", where)
        elif not line.lstrip().startswith("-"):
            add_requirement(parsed, line)
    return parsed


def _logical(text: str) -> Iterator[str]:
    whole = ""
    for line in text.splitlines():
        bare = re.sub(r"(?:^|\s)#.*", "", line)
        if bare.rstrip().endswith("\\"):
            whole += bare.rstrip()[:-1] + " "
            continue
        if (whole + bare).strip():
            yield whole + bare
        whole = ""
    if whole.strip():
        yield whole


def ini_requirements(text: str) -> Parsed:
    """setup.cfg: the lists of requirements, and what replaces commands."""
    parsed = Parsed()
    section = key = ""
    for line in text.splitlines():
        if found := re.match(r"\[([^\]]+)\]", line):
            section, key, value = found[1].strip(), "", ""
        elif found := re.match(r"([\w.-]+)\s*[=:]\s*(.*)", line):
            key, value = found[1], found[2]
        else:
            value = line
        if section == "options.extras_require" or (
            section == "options" and key.endswith(("requires", "require"))
        ):
            if value.strip() and not value.strip().startswith("#") and not value.startswith("["):
                add_requirement(parsed, value)
        elif section in ("global", "aliases") or key in (
            "cmdclass",
            "index_url",
            "index-url",
            "dependency_links",
        ):
            parsed.scripts[f"{section}.{key}"] = parsed.scripts.get(f"{section}.{key}", "") + value.strip()
    return parsed

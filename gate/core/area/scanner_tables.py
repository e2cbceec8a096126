"""Whether a shared settings file (`pyproject.toml`, `setup.cfg`) changed what scanners or the gate read there."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from gate.core.change import ABSENT

if TYPE_CHECKING:
    from gate.core.change import FileChange

SCANNER_MANIFESTS = frozenset({"pyproject.toml", "setup.cfg"})
_TOOLS = frozenset({"bandit", "semgrep", "gate", "ai-merge-gate"})
_SECTION = re.compile(r"\s*\[([^\]]*)\]")


def scanner_tables_changed(file: FileChange, sides: tuple[bytes | None, bytes | None] | None) -> bool:
    """Whether a bandit, semgrep or gate table differs between the sides of `file`.

    `sides` are the bytes before and after, None where the file does not exist. Without them the answer is
    known only for a file that was added or deleted (its hunks hold all of it); else it is yes. A side that
    cannot be parsed is a yes too: a scanner may read it in another way than we do.
    """
    if file.old_blob == file.new_blob and file.old_mode == file.new_mode:
        return False
    if sides is None:
        if ABSENT not in (file.old_mode, file.new_mode):
            return True
        old = "\n".join(line for hunk in file.hunks for line in hunk.old)
        new = "\n".join(line for hunk in file.hunks for line in hunk.new)
        sides = (old.encode("utf-8", "surrogateescape"), new.encode("utf-8", "surrogateescape"))
    read = _toml_tables if file.path.casefold().endswith(".toml") else _ini_sections
    try:
        old_tables, new_tables = (read((side or b"").decode("utf-8-sig")) for side in sides)
    except (ValueError, RecursionError):
        return True
    return old_tables != new_tables


def _toml_tables(text: str) -> dict[str, Any]:
    tool = tomllib.loads(text).get("tool", {})
    if not isinstance(tool, dict):
        return {"": tool}
    return {name: table for name, table in tool.items() if name.casefold() in _TOOLS}


def _ini_sections(text: str) -> list[tuple[str, str]]:
    """The lines of the sections of interest; read by hand, so that no file is too broken for it."""
    kept: list[tuple[str, str]] = []
    section = ""
    for line in text.splitlines():
        if found := _SECTION.match(line):
            section = found[1].strip().casefold()
        if section.removeprefix("tool:") in _TOOLS:
            kept.append((section, line.rstrip()))
    return kept

"""Patterns of a policy that match no file: usually a folder that was renamed, or a slip of the pen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.config.globs import PolicyGlob, compile_glob
from gate.core.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.glob import Glob
    from gate.core.policy import Policy

_WILD = re.compile(r"[*?\[\\]")


def unmatched_globs(policy: Policy, paths: Iterable[str]) -> tuple[str, ...]:
    """Return a remark with file:line:column for each pattern of the policy that matches none of `paths`,
    which are the repository's at the base commit. In the order of the policy; patterns of presets are not
    remarked on.
    """
    known = tuple(paths)
    folded: tuple[str, ...] | None = None
    remarks = []
    for glob, is_area in _globs(policy):
        if not isinstance(glob, PolicyGlob) or any(map(glob.matches, known)):
            continue
        if is_area:  # areas match the folded forms too
            folded = folded or tuple(map(fold, known))
            if any(map(compile_glob(fold(glob.text)).matches, folded)):
                continue
        remarks.append(
            f"{glob.where}: {glob.key}: the pattern {glob.text!r} matches no file{_closest(glob.text, known)}"
        )
    return tuple(remarks)


def _globs(policy: Policy) -> Iterator[tuple[Glob, bool]]:
    yield from ((glob, False) for glob in policy.scanners.exclude)
    for area in policy.areas.values():
        yield from ((glob, True) for glob in area.paths)


def _closest(pattern: str, paths: tuple[str, ...]) -> str:
    """Suggest the name that is nearest to the first one of the pattern that does not exist."""
    import difflib  # noqa: PLC0415 - only where something is wrong

    names = pattern.strip("/").split("/")
    for depth, name in enumerate(names):
        if _WILD.search(name):
            break
        before = "".join(f"{parent}/" for parent in names[:depth])
        there = {path[len(before) :].split("/")[0] for path in paths if path.startswith(before)}
        if name not in there:
            close = difflib.get_close_matches(name, sorted(there), n=1)
            return f"; did you mean {before + '/'.join([close[0], *names[depth + 1 :]])!r}?" if close else ""
    return ""

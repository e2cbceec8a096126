"""Which files of the repository a GitLab CI file includes: a change to them changes the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: A deeper or larger file is not read; the CI file itself is guarded all the same.
MAX_BYTES = 1_000_000
#: GitLab reads 150 files at most.
MAX_FILES = 150


def included_files(read: Callable[[str], bytes | None], first: str) -> tuple[str, ...]:
    """Return what the CI file `first` includes of its repository, and what those files include, sorted.

    `read` gives the bytes of a path, None where there is none.
    """
    found: set[str] = set()
    waiting, seen = [first], {first}
    while waiting:
        text = read(waiting.pop())
        for path in local_includes(text) if text else ():
            found.add(path)
            if path not in seen and path.endswith((".yml", ".yaml")) and len(seen) < MAX_FILES:
                seen.add(path)
                waiting.append(path)
    return tuple(sorted(found))


def local_includes(text: bytes) -> tuple[str, ...]:
    """Return the local paths that `include:` names, sorted; of a pattern the folder before its first wildcard.

    Never raises: a CI file that cannot be read includes nothing that could run.
    """
    import yaml  # noqa: PLC0415 - start-up stays cheap

    if len(text) > MAX_BYTES:
        return ()
    try:
        # Nodes, not values: GitLab's own tags (`!reference`) have no meaning for a safe loader.
        root = yaml.compose(
            text.decode("utf-8", "replace"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    found = {path for value in _values(root, "include") for path in _paths(value)}
    return tuple(sorted(found - {""}))


def _values(node: Any, key: str) -> list[Any]:
    if node is None or node.id != "mapping":
        return []
    return [value for name, value in node.value if name.value == key]


def _paths(node: Any) -> list[str]:
    if node.id == "scalar":
        return [] if "://" in node.value else [_literal(node.value)]
    if node.id == "sequence":
        return [path for one in node.value if one.id != "sequence" for path in _paths(one)]
    return [_literal(value.value) for value in _values(node, "local") if value.id == "scalar"]


def _literal(pattern: str) -> str:
    before, wild, _ = pattern.partition("*")
    return (before.rpartition("/")[0] if wild else pattern).strip("/")

"""Which files of the repository a GitLab CI file includes: a change to them changes the pipeline."""

from __future__ import annotations

from typing import Any

#: A deeper or larger file is not read; the CI file itself is guarded all the same.
MAX_BYTES = 1_000_000


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

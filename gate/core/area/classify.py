"""All layers over one change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.area.hits import hits
from gate.core.area.paths import paths
from gate.core.area.structural import structural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gate.core.area.model import Area, Touch
    from gate.core.change import ChangeSet
    from gate.core.scan import AreaHit


def classify(
    change: ChangeSet,
    areas: Sequence[Area],
    *,
    wide: bool,
    gate_paths: Collection[str] = (),
    head_hits: Iterable[AreaHit] = (),
    base_hits: Iterable[AreaHit] = (),
    manifests: Mapping[str, tuple[bytes | None, bytes | None]] | None = None,
) -> tuple[Touch, ...]:
    """Return every piece of evidence that `change` touches an area: sorted, each once.

    `wide` is the policy's `wide_areas`. `gate_paths` are files and folders that the base policy or the
    base CI file names (rules, prompts, waivers, local includes). `manifests` gives both sides of changed
    `pyproject.toml` and `setup.cfg` files; one that is missing there counts as touched (L0.scanner).
    Rows against every merge base count. Swapping the sides of a change names the same areas.
    """
    files = change.all_files
    layers = (
        structural(files, areas, gate_paths=gate_paths, manifests=manifests or {}, wide=wide),
        paths(files, areas, wide=wide),
        hits(files, head_hits, base_hits, wide=wide),
    )
    return tuple(sorted({touch for layer in layers for touch in layer}))

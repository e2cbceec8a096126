"""Which sensitive areas a change touches, with evidence.

Layers: L0 `structural`, L1 `paths`, L2 `code_words`, L3 `hits`, L4 `supply`. `classify` runs them, and `quiet`
tells which evidence needs nobody's signature.
"""

from __future__ import annotations

from gate.core.area.build import build_areas
from gate.core.area.classify import Classifier, Context, Touched, classify, classify_all, reads
from gate.core.area.model import Area, PathRule, Touch
from gate.core.area.supply import is_manifest

__all__ = [
    "Area",
    "Classifier",
    "Context",
    "PathRule",
    "Touch",
    "Touched",
    "build_areas",
    "classify",
    "classify_all",
    "is_manifest",
    "reads",
]

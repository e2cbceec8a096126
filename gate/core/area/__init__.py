"""Which sensitive areas a change touches, with evidence.

A layer is one function from facts to touches: L0 `structural`, L1 `paths`, L3 `hits`; `classify` runs them.
"""

from __future__ import annotations

from gate.core.area.build import build_areas
from gate.core.area.classify import classify
from gate.core.area.model import Area, PathRule, Touch

__all__ = ["Area", "PathRule", "Touch", "build_areas", "classify"]

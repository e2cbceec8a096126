"""Sightings of several scanners become findings, every witness kept."""

from gate.core.merge.merge import merge
from gate.core.merge.place import with_places
from gate.core.merge.seen import AI_TOOL, is_ai

__all__ = ["AI_TOOL", "is_ai", "merge", "with_places"]

"""Configuration files: the policy of a team, its waivers, and the data that is shipped.

Importing this package imports no YAML library; its functions do when they are called.
"""

from gate.config.globs import compile_glob
from gate.config.policy import load_policy
from gate.config.registry import (
    load_agents,
    load_areas,
    load_bots,
    load_controls,
    load_document,
    load_families,
)
from gate.config.unmatched import unmatched_globs

__all__ = [
    "compile_glob",
    "load_agents",
    "load_areas",
    "load_bots",
    "load_controls",
    "load_document",
    "load_families",
    "load_policy",
    "unmatched_globs",
]

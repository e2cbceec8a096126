"""Configuration files: the policy of a team, its waivers, and the data that is shipped.

Importing this package imports no YAML library; the functions do when they are called.
"""

from gate.config.globs import compile_glob
from gate.config.policy import load_policy

__all__ = ["compile_glob", "load_policy"]

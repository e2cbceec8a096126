"""What the gate looks for by itself, because no rule over one file can say it: the change as a whole."""

from gate.core.checks.controls import weakened
from gate.core.checks.dependencies import manifests_of, undeclared
from gate.core.checks.model import CheckError, Checks, Moved, Pair, Side, build_checks
from gate.core.checks.pairs import pairs

__all__ = [
    "CheckError",
    "Checks",
    "Moved",
    "Pair",
    "Side",
    "build_checks",
    "manifests_of",
    "pairs",
    "undeclared",
    "weakened",
]

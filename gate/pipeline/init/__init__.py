"""Setting a repository up: what is written for which forge, and why."""

from gate.pipeline.init.plan import Plan, Wish, plan
from gate.pipeline.init.publisher import publisher_plan
from gate.pipeline.init.write import write

__all__ = ["Plan", "Wish", "plan", "publisher_plan", "write"]

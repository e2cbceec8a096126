"""Questions to a forge whose answers may be withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gate.errors import ForgeError
from gate.forges.calls import Refused
from gate.pipeline.doctor.check import Check, unknown

if TYPE_CHECKING:
    from gate.forges.calls import Calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`data` is None if none came; then `status` is that of the refusal, 0 where no usable answer came at all."""

    data: Any = None
    status: int = 200
    told: str = ""

    @property
    def is_absent(self) -> bool:
        """Whether the forge says that there is no such thing."""
        return self.status == 404


def ask(calls: Calls, path: str, **query: Any) -> Answer:
    """Return what the forge answers. Never raises."""
    try:
        return Answer(data=calls.get(path, **query))
    except Refused as error:
        return Answer(status=error.status, told=error.message)
    except ForgeError as error:
        return Answer(status=0, told=error.message)


def withheld(identifier: str, answer: Answer, right: str) -> Check:
    """Return the check that could not be made because the token may not ask."""
    if answer.status in (401, 403, 404):
        return unknown(
            identifier, f"this token may not see it ({answer.status})", f"Run gate doctor with {right}."
        )
    return unknown(identifier, f"no usable answer: {answer.told}", "Run gate doctor again later.")


def at(value: Any, *keys: str) -> Any:
    """Return what stands under nested keys, None where something is missing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def rows(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, nothing for anything else."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

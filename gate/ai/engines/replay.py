"""Engine `replay`: recorded answers instead of a model. No process, no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gate.ai.records import read_reply
from gate.ai.request import EngineInfo, Form, RawReply
from gate.core.ai import Reason

if TYPE_CHECKING:
    from pathlib import Path

    from gate.ai.request import ReviewRequest

NAME = "replay"


@dataclass(frozen=True)
class ReplayEngine:
    """`folder` holds what `--ai-record` wrote."""

    folder: Path | None

    form: ClassVar[Form] = Form()

    def probe(self) -> EngineInfo:
        if self.folder is None:
            return EngineInfo(
                name=NAME,
                isolation="recorded",
                problem=Reason.NO_RECORDING,
                detail="no folder was given with --ai-replay",
            )
        return EngineInfo(name=NAME, isolation="recorded")

    def count(self, request: ReviewRequest) -> int | None:  # noqa: ARG002
        return None

    def review(self, request: ReviewRequest) -> RawReply:
        """Return the recording of this call."""
        found = None if self.folder is None else read_reply(self.folder / f"{request.key}.json")
        return found or RawReply(problem=Reason.NO_RECORDING, detail="there is no recording of this call")

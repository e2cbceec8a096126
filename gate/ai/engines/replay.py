"""Engine `replay`: recorded answers instead of a model. No process, no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.ai.records import read_reply
from gate.ai.request import EngineInfo, Form, RawReply
from gate.core.ai import Reason

if TYPE_CHECKING:
    from pathlib import Path

    from gate.ai.request import ReviewRequest

NAME = "replay"


@dataclass(frozen=True)
class ReplayEngine:
    """`folder` holds what `--ai-record` wrote, None: nothing, and `refused` may say why. `form` is that of the calls
    that were recorded.
    """

    folder: Path | None
    refused: str = ""
    form: Form = field(default_factory=Form)

    def probe(self) -> EngineInfo:
        if self.folder is None:
            return EngineInfo(
                name=NAME,
                isolation="recorded",
                problem=Reason.NO_RECORDING,
                detail=self.refused or "no folder was given with --ai-replay",
            )
        return EngineInfo(name=NAME, isolation="recorded")

    def count(self, request: ReviewRequest) -> int | None:  # noqa: ARG002
        return None

    def review(self, request: ReviewRequest) -> RawReply:
        """Return the recording of this call."""
        found = None if self.folder is None else read_reply(self._path(self.folder, request.key))
        return found or RawReply(problem=Reason.NO_RECORDING, detail="there is no recording of this call")

    def has(self, key: str) -> bool:
        """Whether there is a recording of a call."""
        return self.folder is not None and self._path(self.folder, key).is_file()

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / f"{key}.json"

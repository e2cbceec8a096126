"""Which recordings a replay may read, and of which kind of call they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gate.ai.engines.replay import ReplayEngine
from gate.ai.engines.security_review import SecurityReviewEngine
from gate.ai.records import call_key
from gate.ai.request import Form
from gate.core.evidence import digest
from gate.pipeline.cache import is_brought

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gate.ai.prompt import Prompt
    from gate.core.ai.diff import Batch
    from gate.git import Repository
    from gate.pipeline.ai.plan import Plan

#: Ours first; the other is that of the command that the CLI brings along.
FORMS = (Form(), SecurityReviewEngine.form)


def recording_key(prompt: Prompt, form: Form, batch: Batch, run: int) -> str:
    """Return the name of the recording of a call, whoever answered: a recording is for another engine."""
    return call_key(
        prompt=digest({"command": form.command}) if form.command else prompt.digest,
        schema=digest(form.schema),
        batch=digest(batch.text.encode("utf-8", "surrogatepass").hex()),
        run=run,
    )


def replay(folder: Path | None, repository: Repository, head: str) -> ReplayEngine:
    """Return the engine that reads `folder`, unless the author of the change wrote what is in it."""
    if folder is not None and is_brought(folder, repository, head):
        return ReplayEngine(folder=None, refused=f"{folder} is part of the commit under review")
    return ReplayEngine(folder=folder)


def in_recorded_form(
    engine: ReplayEngine, prompt: Prompt, planned: Callable[[Form], Plan]
) -> tuple[ReplayEngine, Plan]:
    """Return the engine and the parts of the change as they were recorded; as our prompt has them if none was."""
    for form in FORMS if engine.folder is not None else ():
        found = planned(form)
        keys = [recording_key(prompt, form, batch, 0) for batch in found.batches]
        if any(engine.has(key) for key in keys):
            return replace(engine, form=form), found
    return engine, planned(engine.form)

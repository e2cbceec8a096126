"""The files of a publisher project on GitLab, and what a person has to do so that it is woken up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.errors import GateError, UsageError
from gate.git import Repository
from gate.pipeline.init.next_steps import for_ai
from gate.pipeline.init.plan import Plan, Wish, write_step
from gate.pipeline.init.shipped import find_source, template

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PIPELINE = "publisher.yml"
#: Included after it, for a review by a model.
REVIEW = "review.yml"


def _host(folder: Path) -> str:
    """The server of the project's remote, empty where there is none."""
    try:
        with Repository.open(folder) as repository:
            host, slash, _ = repository.name.partition("/")
    except GateError:
        return ""
    return host if slash and "." in host else ""


def publisher_plan(folder: Path, projects: Sequence[str], wish: Wish) -> Plan:
    """Return what would be written into the clone of a publisher project that serves these project ids.

    Raises UsageError if the folder is not there or an id is no number.
    """
    if not folder.is_dir():
        raise UsageError(
            f"--publisher {folder}: there is no such folder",
            hint="Clone the publisher project, and give its folder.",
        )
    if not projects or not all(re.fullmatch(r"[0-9]{1,12}", one) for one in projects):
        raise UsageError(
            "--project: the numeric id of a guarded project is needed",
            hint="It stands in the project's settings, General. Repeatable.",
        )
    host = _host(folder)
    source = find_source(wish.source, host or "gitlab.com")
    entry = (
        "# Judges merge requests of other projects where nothing of theirs takes part. Written by gate init.\n"
        f"include:\n  - local: /{PIPELINE}\n    inputs:\n"
        f'      projects: "{" ".join(projects)}"\n      source: "{source.url}"\n      revision: "{source.revision}"\n'
    )
    if wish.ai:
        entry += f"  - local: /{REVIEW}\n"
    steps = (
        write_step(folder, PIPELINE, template(PIPELINE), "the three jobs, with their inputs explained", wish),
        *(
            [write_step(folder, REVIEW, template(REVIEW), "the job with the key of a model", wish)]
            if wish.ai
            else []
        ),
        write_step(folder, ".gitlab-ci.yml", entry, "includes them, for these projects", wish),
    )
    stand_in = (
        ()
        if source.is_known
        else (
            f"Put the group that holds your copy of the gate in the place of OWNER in {source.url}. Until then every run fails.",
        )
    )
    return Plan(
        root=folder,
        forge="gitlab",
        why_forge="a publisher project is one of GitLab",
        steps=steps,
        by_hand=(),
        next=(
            *stand_in,
            "Commit and push these files. Only security may be able to write to this project.",
            (
                "Here, Settings > CI/CD > Variables: GATE_TOKEN, a project access token of the guarded project (api, Developer), "
                "masked, protected, environment gate-publish."
            ),
            "Here, Settings > CI/CD: make a pipeline trigger token, and let no one pass pipeline variables.",
            (
                "In each guarded project, Settings > Webhooks, merge request events, with the id of this project and the "
                f"trigger token: https://{host or 'HOST'}/api/v4/projects/PUBLISHER_ID/ref/main/trigger/pipeline?token="
                "TRIGGER_TOKEN"
            ),
            *(for_ai("Here, Operate > Environments and Settings > CI/CD > Variables") if wish.ai else ()),
            "In each guarded project, run gate doctor: it finds the webhook, and says what else is open.",
        ),
        languages={},
    )

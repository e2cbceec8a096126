"""Adding the gate's job to a `.gitlab-ci.yml` that a team wrote, without touching a line of theirs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The file that holds the job; the team's own file includes it.
JOB_FILE = ".gitlab/ai-merge-gate.yml"
JOB = "ai-merge-gate"
#: The same for the release job.
RELEASE_FILE = ".gitlab/ai-merge-gate-release.yml"
RELEASE_JOB = "ai-merge-gate-release"
#: The stages that GitLab has where a file names none.
DEFAULT_STAGES = ("build", "test", "deploy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """`text` is the new content, None if it cannot be made safely, which `problem` explains.

    `notes` are things about the team's file that change what the gate's job is worth.
    """

    text: str | None
    stage: str
    entry: str
    problem: str = ""
    is_there: bool = False
    notes: tuple[str, ...] = ()


class _Asked(NamedTuple):
    """The file to be included, and what is given to its job beside the stage."""

    file: str
    inputs: tuple[tuple[str, str | int], ...]


def join(
    existing: str | None, inputs: Sequence[tuple[str, str | int]], *, file: str = JOB_FILE, job: str = JOB
) -> Joined:
    """Return `.gitlab-ci.yml` with an include of the job in `file`; `inputs` are given to it beside the stage."""
    import yaml  # noqa: PLC0415 - start-up stays cheap

    asked = _Asked(file, tuple(inputs))
    if existing is None or not existing.strip():
        entry = _entry("test", asked, indent="  ")
        return Joined(text=f"include:\n{entry}", stage="test", entry=f"include:\n{entry}")
    try:
        root: Any = yaml.compose(existing, Loader=yaml.SafeLoader)
        documents = sum(
            1
            for _ in yaml.parse(existing, Loader=yaml.SafeLoader)
            if _.__class__.__name__ == "DocumentStartEvent"
        )
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return _by_hand("test", asked, f"it is not valid YAML ({getattr(error, 'problem', None) or error})")
    if documents > 1 or (root is not None and root.id != "mapping"):
        return _by_hand("test", asked, "it is not one mapping")
    values = {key.value: value for key, value in root.value} if root is not None else {}
    keys = [key for key, _ in root.value if key.value == "include"] if root is not None else []
    stage = _stage(values.get("stages"))
    notes = tuple(_notes(values))
    if job in values:
        return _by_hand(stage, asked, f"it has a job of its own named {job}", notes)
    include = values.get("include")
    if len(keys) > 1:
        return _by_hand(stage, asked, "it has the key include twice", notes)
    if include is not None and _names(include, file):
        return Joined(text=existing, stage=stage, entry="", is_there=True, notes=notes)
    if include is None:
        entry = _entry(stage, asked, indent="  ")
        gap = "" if existing.endswith("\n") else "\n"
        new = f"{existing}{gap}\n# The merge gate; written by gate init.\ninclude:\n{entry}"
    elif include.id == "sequence" and not include.flow_style and include.value:
        lines = existing.splitlines(keepends=True)
        indent = " " * include.start_mark.column
        at = include.start_mark.line
        if not lines[at].startswith(f"{indent}-"):
            return _by_hand(stage, asked, "its include is written in a way that cannot be added to", notes)
        new = "".join([*lines[:at], _entry(stage, asked, indent=indent), *lines[at:]])
    else:
        return _by_hand(stage, asked, "its include is not a list with one entry a line", notes)
    if not _only_adds(existing, new):
        return _by_hand(stage, asked, "adding to it would change what it says", notes)
    return Joined(text=new, stage=stage, entry=_entry(stage, asked, indent="  "), notes=notes)


def _by_hand(stage: str, asked: _Asked, why: str, notes: tuple[str, ...] = ()) -> Joined:
    entry = f"include:\n{_entry(stage, asked, indent='  ')}"
    return Joined(text=None, stage=stage, entry=entry, problem=why, notes=notes)


def _entry(stage: str, asked: _Asked, *, indent: str) -> str:
    rows = [("stage", stage), *asked.inputs]
    # A number in quotes would be a word, which GitLab refuses for a number.
    given = "".join(f"{indent}    {name}: {json.dumps(value)}\n" for name, value in rows)
    return f"{indent}- local: /{asked.file}\n{indent}  inputs:\n{given}"


def _names(include: Any, file: str) -> bool:
    nodes = include.value if include.id == "sequence" else [include]
    for node in nodes:
        if node.id == "scalar" and node.value.lstrip("/") == file:
            return True
        if node.id == "mapping" and any(
            key.value == "local" and value.id == "scalar" and value.value.lstrip("/") == file
            for key, value in node.value
        ):
            return True
    return False


def _stage(stages: Any) -> str:
    """The stage for the job: `test` where there is one, else the first; nothing is worth a job that waits for it."""
    if stages is None:
        return "test"
    names = [node.value for node in stages.value if node.id == "scalar"] if stages.id == "sequence" else []
    own = [name for name in names if name not in (".pre", ".post")]
    return "test" if "test" in own or not own else own[0]


def _notes(values: dict[str, Any]) -> list[str]:
    notes = []
    if "workflow" in values:
        notes.append(
            "Your workflow: rules decide whether merge request pipelines are made at all; the gate's job runs in "
            'no others. They must let $CI_PIPELINE_SOURCE == "merge_request_event" through.'
        )
    elif any(node.id == "mapping" for name, node in values.items() if name not in _NO_JOBS):
        notes.append(
            "Jobs without rules do not run in merge request pipelines, and GitLab judges a merge request by that "
            "pipeline alone. Add workflow: rules, so that your own jobs run there too and still count."
        )
    return notes


_NO_JOBS = frozenset({"default", "include", "stages", "variables", "workflow", "image", "services", "cache"})


def _only_adds(old: str, new: str) -> bool:
    """Whether the new text says all that the old one says, and one include more."""
    import yaml  # noqa: PLC0415

    def shape(node: Any) -> Any:
        if node is None:
            return None
        if node.id == "mapping":
            return [(shape(key), shape(value)) for key, value in node.value]
        return [shape(one) for one in node.value] if node.id == "sequence" else (node.tag, node.value)

    try:
        before = shape(yaml.compose(old, Loader=yaml.SafeLoader)) or []
        after = shape(yaml.compose(new, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        return False
    include = ("tag:yaml.org,2002:str", "include")
    rest = [(key, value) for key, value in after if key != include]
    if rest != [(key, value) for key, value in before if key != include]:
        return False
    had: list[Any] = next((value for key, value in before if key == include), [])
    has: list[Any] = next((value for key, value in after if key == include), [])
    return bool(has[1:] == had and len(has) == len(had) + 1)

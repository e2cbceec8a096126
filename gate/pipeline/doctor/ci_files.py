"""Checks of the CI files on the target branch: whether they run the gate so that a change cannot get around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gate.core.words import listed
from gate.pipeline.doctor.check import Check, Clone, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_USES_GATE = re.compile(r"(?m)ai-merge-gate|\bgate (?:check|publish)\b")
#: What may be a path in a CI file, and how many files are looked into.
_WORD = re.compile(r"[\w./-]+")
_MOST_NAMED = 50
_SECRET = re.compile(r"\$\{\{[^}]*\bsecrets\b")
_PIN = re.compile(r"[^@\s]+@[0-9a-f]{40}")
_GITLAB = ".gitlab-ci.yml"
_INIT = "Run gate init, read what it writes, and merge it."
#: A job of the template that lists findings and decides nothing.
LISTING_JOB = "ai-merge-gate-findings"


def checks(clone: Clone) -> Iterator[Check]:
    """Yield how the gate's jobs are set up for the forge of this clone."""
    if clone.target is None or not clone.forge:
        return
    yield from _github(clone) if clone.forge == "github" else _gitlab(clone)


def _github(clone: Clone) -> Iterator[Check]:
    texts = {path: clone.at_target(path) or b"" for path in clone.paths() if _WORKFLOW.fullmatch(path)}
    files = {path: _document(data) for path, data in texts.items() if _runs_gate(clone, data)}
    checking = {
        path: doc for path, doc in files.items() if {"pull_request", "merge_group"} & set(_triggers(doc))
    }
    unsafe = sorted(path for path, doc in files.items() if "pull_request_target" in _triggers(doc))
    if unsafe:
        yield fail(
            "trigger",
            f"{listed(unsafe)}: pull_request_target runs with secrets beside the files of a stranger",
            "Check on pull_request and publish on workflow_run; gate init writes both.",
        )
    if not checking:
        yield _absent(clone, _WORKFLOW, "no workflow runs the gate on pull requests")
        return
    yield ok("ci", f"{listed(sorted(checking))} runs the gate on pull requests")
    yield filters(checking)
    yield pins(files)
    yield checkout(checking)
    yield rights(checking, texts)
    yield publisher(files)


def filters(checking: Mapping[str, Any]) -> Check:
    """Whether the check runs for every change: one that is filtered out waits for ever, or is passed by."""
    found = [
        f"{path} ({name}.{key})"
        for path, doc in sorted(checking.items())
        for name, trigger in _triggers(doc).items()
        if isinstance(trigger, dict)
        for key in ("paths", "paths-ignore", "branches-ignore")
        if key in trigger
    ]
    if found:
        return fail(
            "filters", f"the check does not run for every change: {listed(found)}", "Take these filters out."
        )
    return ok("filters", "the check runs for every change")


def pins(files: Mapping[str, Any]) -> Check:
    """Whether everything that the gate's workflows use is pinned to a commit, and the stand-in was replaced."""
    used = [
        (path, use)
        for path, doc in sorted(files.items())
        for use in _uses(doc)
        if not use.startswith(("./", "$/"))
    ]
    stand_in = [f"{path}: {use}" for path, use in used if use.startswith("OWNER/")]
    if stand_in:
        return fail(
            "pins",
            f"OWNER was not replaced by an account: {listed(stand_in, most=3)}",
            "Put the account that holds your copy of the gate in its place, or run gate init --source … --force.",
        )
    loose = [f"{path}: {use}" for path, use in used if not _PIN.fullmatch(use)]
    if loose:
        return fail(
            "pins",
            f"not pinned to a commit, so its owner can change what runs: {listed(loose, most=3)}",
            "Write the 40 digits of the commit behind the @.",
        )
    return ok("pins", "every action is pinned to a commit")


def checkout(checking: Mapping[str, Any]) -> Check:
    """Whether checkouts of the check bring the whole history and leave no token behind."""
    wrong = []
    for path, doc in sorted(checking.items()):
        for step in _steps(doc):
            if not str(step.get("uses", "")).startswith("actions/checkout@"):
                continue
            given = _mapping(step, "with")
            if "repository" in given:
                continue  # of the gate itself
            if str(given.get("fetch-depth")) != "0":
                wrong.append(f"{path}: fetch-depth is not 0")
            if str(given.get("persist-credentials")) != "false":
                wrong.append(f"{path}: persist-credentials is not false")
    if wrong:
        return fail(
            "checkout", listed(wrong), "Set fetch-depth: 0 and persist-credentials: false at the checkout."
        )
    return ok("checkout", "the whole history, and no token left in the clone")


def rights(checking: Mapping[str, Any], texts: Mapping[str, bytes]) -> Check:
    """Whether the job that has the change as files holds nothing that is worth stealing."""
    found = []
    for path, doc in sorted(checking.items()):
        jobs = _mapping(doc, "jobs")
        for name, given in [
            ("top", doc.get("permissions")),
            *((n, _at(j, "permissions")) for n, j in jobs.items()),
        ]:
            if given == "write-all" or (isinstance(given, dict) and "write" in given.values()):
                found.append(f"{path}: {name} may write")
            if name == "top" and given is None:
                found.append(f"{path}: no permissions at the top, so the repository's default holds")
        found += [f"{path}: {n} gets every secret" for n, j in jobs.items() if _at(j, "secrets") == "inherit"]
        if _SECRET.search(texts[path].decode("utf-8", "replace")):
            found.append(f"{path}: a secret stands beside the files of the change")
    if found:
        return fail(
            "rights",
            listed(found),
            "Give the check job contents: read and no secret; what writes belongs into the publisher.",
        )
    return ok("rights", "the check job may only read, and holds no secret")


def publisher(files: Mapping[str, Any]) -> Check:
    """Whether a trusted job reports what the check found."""
    found = sorted(path for path, doc in files.items() if "workflow_run" in _triggers(doc))
    if not found:
        return warn(
            "publisher",
            "there is no workflow on workflow_run: findings are judged by a job that a pull request can edit",
            "Add the publisher with gate init; it judges again with the policy of the target branch.",
        )
    return ok("publisher", f"{listed(found)} judges again and reports")


def _gitlab(clone: Clone) -> Iterator[Check]:
    data = clone.at_target(_GITLAB)
    document = _document(data or b"")
    included = [
        path
        for path in clone.paths()
        if path.endswith((".yml", ".yaml")) and "gate" in path and path.startswith((".gitlab/", "ci/"))
    ]
    texts = {path: clone.at_target(path) or b"" for path in included}
    if data is None or not _runs_gate(clone, data):
        yield _absent(clone, re.compile(re.escape(_GITLAB)), f"{_GITLAB} does not run the gate")
        return
    yield ok("ci", f"{_GITLAB} runs the gate")
    yield revision(data)
    yield failures({_GITLAB: document} | {path: _document(text, last=True) for path, text in texts.items()})
    yield names(document)


def revision(data: bytes) -> Check:
    """Whether the gate that the job uses is one commit, and the stand-in was replaced."""
    text = data.decode("utf-8", "replace")
    if "/OWNER/" in text:
        return fail(
            "pins",
            f"{_GITLAB}: OWNER was not replaced by a group",
            "Put the group that holds your copy of the gate in its place.",
        )
    moving = re.findall(r"ai-merge-gate[\w./-]*@(?!\$?[0-9a-f]{40}|\d+\.\d+\.\d+)([^\s\"',}]+)", text)
    if moving:
        return fail(
            "pins", f"{_GITLAB}: the component follows {listed(moving)}", "Pin it to a commit or a version."
        )
    return ok("pins", "the gate is pinned")


def failures(files: Mapping[str, Any]) -> Check:
    """Whether a blocked change fails the pipeline."""
    found = [
        f"{path}: {name}"
        for path, document in sorted(files.items())
        for name, job in (document.items() if isinstance(document, dict) else ())
        if "gate" in str(name) and name != LISTING_JOB and _at(job, "allow_failure") not in (None, "false")
    ]
    if found:
        return fail(
            "failures", f"the job may fail without effect: {listed(found)}", "Take allow_failure out."
        )
    return ok("failures", "a blocked change fails the pipeline")


def names(document: Any) -> Check:
    """Whether a job of the same name changes the gate's own: GitLab merges the two without a word."""
    if isinstance(document, dict) and "ai-merge-gate" in document and "include" in document:
        return fail(
            "job",
            f"{_GITLAB} has a job ai-merge-gate of its own, which changes the included one",
            "Rename it.",
        )
    return ok("job", "no other job has the name of the gate's")


def _absent(clone: Clone, form: re.Pattern[str], told: str) -> Check:
    here = clone.root is not None and any(
        form.fullmatch(path.relative_to(clone.root).as_posix())
        and _USES_GATE.search(path.read_text("utf-8", "replace"))
        for folder in (clone.root, clone.root / ".github" / "workflows")
        for path in folder.glob("*.y*ml")
        if path.is_file() and path.stat().st_size < 1_000_000
    )
    told = f"on {clone.target_name} {told}"
    if here:
        return fail(
            "ci", f"{told}; your files do", "Commit them and merge that: CI counts from the target branch."
        )
    return fail("ci", told, _INIT)


def _runs_gate(clone: Clone, data: bytes) -> bool:
    """Whether a CI file names the gate, or a file of the repository that does, such as a script that it starts."""
    text = data.decode("utf-8", "replace")
    if _USES_GATE.search(text):
        return True
    named = {word.removeprefix("./").removeprefix("/") for word in _WORD.findall(text)}
    paths = sorted(named.intersection(clone.paths()))[:_MOST_NAMED]
    return any(_USES_GATE.search((clone.at_target(path) or b"").decode("utf-8", "replace")) for path in paths)


def _document(data: bytes, *, last: bool = False) -> Any:
    """The content of a CI file with every scalar as text (`on` is a word here), an empty mapping if it is broken."""
    import yaml  # noqa: PLC0415 - start-up stays cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents = [
            _plain(node, {}) for node in yaml.compose_all(data.decode("utf-8", "replace"), Loader=loader)
        ]
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    chosen = documents[-1 if last else 0] if documents else {}
    return chosen if isinstance(chosen, dict) else {}


def _plain(node: Any, seen: dict[int, Any]) -> Any:
    """Nodes as plain values; custom tags are of no interest here. What an alias repeats is made once, so that a
    file of a few lines cannot grow without end, and a node inside itself is nothing.
    """
    if node is None or node.id == "scalar":
        return None if node is None else node.value
    if id(node) not in seen:
        seen[id(node)] = None
        if node.id == "mapping":
            seen[id(node)] = {
                key.value: _plain(value, seen) for key, value in node.value if key.id == "scalar"
            }
        else:
            seen[id(node)] = [_plain(one, seen) for one in node.value]
    return seen[id(node)]


def _triggers(document: Any) -> dict[str, Any]:
    on = _at(document, "on")
    if isinstance(on, str):
        return {on: None}
    return dict.fromkeys(map(str, on)) if isinstance(on, list) else on if isinstance(on, dict) else {}


def _steps(document: Any) -> Iterator[dict[str, Any]]:
    jobs = _at(document, "jobs")
    for job in jobs.values() if isinstance(jobs, dict) else ():
        steps = _at(job, "steps")
        yield from (step for step in (steps if isinstance(steps, list) else ()) if isinstance(step, dict))


def _uses(document: Any) -> Iterator[str]:
    jobs = _at(document, "jobs")
    for job in jobs.values() if isinstance(jobs, dict) else ():
        if isinstance(use := _at(job, "uses"), str):
            yield use
    for step in _steps(document):
        if isinstance(use := step.get("uses"), str):
            yield use


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _mapping(value: Any, key: str) -> dict[str, Any]:
    found = _at(value, key)
    return found if isinstance(found, dict) else {}

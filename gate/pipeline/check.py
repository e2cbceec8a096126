"""The main job: from a range of commits to a verdict."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.checks import run_checks
from gate.pipeline.shards.change import scan_change, scan_share
from gate.pipeline.sides import import_reports

if TYPE_CHECKING:
    from gate.core.facts import Run
    from gate.core.shard import Part
    from gate.pipeline.judge import Judge
    from gate.pipeline.request import Progress, Request
    from gate.pipeline.shards.document import Shard


def check(request: Request, progress: Progress) -> Run:
    """Judge the change of `request` and return the run with its verdict and exit code.

    Raises UsageError, ConfigError or IncompleteError where there is no change to judge by; a scanner that
    fails is no exception but a verdict.
    """
    reviews = inputs.read_reviews(request.reviews)
    with Repository.open(request.repo) as repository:
        ends = inputs.find_ends(repository, request)
        policy = inputs.load_policy(repository, ends.base, request)
        waivers = inputs.read_waivers(repository, ends.base, policy)
        rules = inputs.rules(repository, ends.base, policy)
        # A file of the team that is wrong is told before anything is scanned.
        registry = inputs.registry(policy, repository, ends.base) if policy.authorship.overlay else None
        progress("reading the change")
        change = repository.change(
            ends.base_name, ends.head, target=ends.target, max_file_bytes=policy.scanners.max_file_bytes
        )
        review = None
        if policy.ai.enabled:
            from gate.pipeline.ai.review import prepare  # noqa: PLC0415 - few policies ask for it

            review = prepare(repository, change, policy, request, progress)

        def get_ready() -> Judge:
            from gate.pipeline.judge import Judge  # noqa: PLC0415 - half of the gate, loaded meanwhile

            told = reviews
            if request.forge is not None:
                from gate.pipeline.forge import ask  # noqa: PLC0415 - only where a forge is asked

                told = ask(request.forge, repository, change, policy.signoff, request.signoffs)
            return Judge.of(
                repository,
                change,
                policy,
                waivers=waivers,
                reviews=told,
                request=ends.request,
                now=request.now,
                signoffs=request.signoffs,
                registry=registry,
            )

        # Scanners are other processes: while they work, this one loads what comes after them.
        with ThreadPoolExecutor(max_workers=2) as pool:
            later = pool.submit(get_ready)
            asked = pool.submit(review.run) if review else None
            scanned = scan_change(repository, change, policy, rules, request, progress)
            judge = later.result()
            answered = asked.result() if asked else None
        scanned = import_reports(repository, change, policy, scanned, folder=Path.cwd(), now=request.now)
        progress("comparing both sides of the change")
        scanned = replace(scanned, runs=(*scanned.runs, run_checks(repository, change, policy, scanned.runs)))
        progress("merging and comparing findings")
        return judge.run(scanned, rules.digest, answered)


def check_share(request: Request, part: Part, progress: Progress) -> Shard:
    """Scan one share of the change of `request`. Nothing is decided: see `Request.shards`.

    Raises what `check` raises where there is no change to scan.
    """
    with Repository.open(request.repo) as repository:
        ends = inputs.find_ends(repository, request)
        policy = inputs.load_policy(repository, ends.base, request)
        rules = inputs.rules(repository, ends.base, policy)
        progress("reading the change")
        change = repository.change(
            ends.base_name, ends.head, target=ends.target, max_file_bytes=policy.scanners.max_file_bytes
        )
        return scan_share(repository, change, policy, rules, request, part, progress)

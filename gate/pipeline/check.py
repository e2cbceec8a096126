"""The main job: from a range of commits to a verdict."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from gate import __version__, config
from gate.core.authorship import attribute, is_agent_identity
from gate.core.facts import Facts, Run, Stamp
from gate.core.policy import Mode
from gate.core.review import Binding, decide_signoff
from gate.core.rules import decide
from gate.core.verdict import Outcome
from gate.errors import EXIT_CODES, GitError
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.areas import touches
from gate.pipeline.cache import open_cache
from gate.pipeline.findings import judge_findings
from gate.pipeline.sides import import_reports, scan_sides

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.core.area import Area, Touch
    from gate.core.authorship import Authorship, Registry
    from gate.core.change import ChangeSet, Commit
    from gate.core.family import Families
    from gate.core.policy import Policy
    from gate.core.review import ForgeFacts, Signoff
    from gate.forges.environment import MergeRequest
    from gate.pipeline.request import Progress, Request


def check(request: Request, progress: Progress) -> Run:
    """Judge the change of `request` and return the run with its verdict and exit code.

    Raises UsageError, ConfigError or IncompleteError where there is no change to judge by; a scanner that
    fails is no exception but a verdict.
    """
    reviews = _read_reviews(request.reviews)
    with Repository.open(request.repo) as repository:
        ends = inputs.find_ends(repository, request)
        policy = inputs.load_policy(repository, ends.base, request)
        waivers = inputs.read_waivers(repository, ends.base, policy)
        rules = inputs.rules(repository, ends.base, policy)

        progress("reading the change")
        change = repository.change(
            ends.base_name, ends.head, target=ends.target, max_file_bytes=policy.scanners.max_file_bytes
        )
        # Scanners are other processes: while they work, this one finds out who wrote the change.
        with ThreadPoolExecutor(max_workers=1) as pool:
            later = pool.submit(_who_and_what, policy, change, ends.request)
            with open_cache(request, progress, repository, change.head) as cache:
                runs, excluded, uncovered = scan_sides(
                    repository,
                    change,
                    policy,
                    rules,
                    only=request.scanners,
                    jobs=request.processes,
                    progress=progress,
                    cache=cache,
                )
            authorship, registry, areas, families = later.result()
        runs += import_reports(repository, change, policy, folder=Path.cwd())

        progress("merging and comparing findings")
        judged = judge_findings(
            repository,
            change,
            authorship,
            runs,
            policy=policy,
            families=families,
            waivers=waivers,
            now=request.now,
        )
        touched = tuple(sorted({*touches(repository, change, policy, areas, runs), *judged.touches}))
        signoff = _signoff(
            repository, change, authorship, registry, touched, areas, policy, reviews, request.now
        )
        facts = Facts(
            policy=policy,
            change=change,
            authorship=authorship,
            tools=runs,
            findings=judged.findings,
            fixed=judged.fixed,
            suppressions=judged.suppressions,
            touches=touched,
            signoff=signoff,
            excluded=excluded,
            uncovered=uncovered,
            now=request.now,
        )
        verdict = decide(facts)
        return Run(
            stamp=Stamp(
                version=__version__,
                policy_source=policy.source,
                policy_digest=policy.digest,
                rulesets_digest=rules.digest,
                registry_digest=registry.digest,
                registry_version=registry.version,
            ),
            facts=facts,
            verdict=verdict,
            exit_code=exit_code(verdict.outcome, policy.mode),
            notes=_notes(repository, ends.base, policy),
        )


def _who_and_what(
    policy: Policy, change: ChangeSet, request: MergeRequest | None
) -> tuple[Authorship, Registry, tuple[Area, ...], Families]:
    """Return who wrote the change, and the shipped data that it is judged by."""
    registry = inputs.registry(policy)
    authorship = attribute(
        change.commits,
        registry,
        branch=request.branch if request else None,
        body=request.body if request else None,
    )
    return authorship, registry, inputs.areas(policy), inputs.families()


def _read_reviews(path: Path | None) -> ForgeFacts | None:
    if path is None:
        return None
    from gate.forges.reviews_file import read_reviews  # noqa: PLC0415 - its types cost 25 ms

    return read_reviews(path)


def exit_code(outcome: Outcome, mode: Mode) -> int:
    """Return the exit code of the contract; observe softens blocked and waiting, and nothing else."""
    softened = mode is Mode.OBSERVE and outcome in (Outcome.BLOCKED, Outcome.NEEDS_SIGNOFF)
    return 0 if softened else EXIT_CODES[outcome]


def _notes(repository: Repository, base: str, policy: Policy) -> tuple[str, ...]:
    notes = []
    if policy.is_default:
        notes.append(
            f"There is no {inputs.POLICY_FILE} at the base commit {base[:12]}: the preset balanced decides, "
            "and no human is known who could sign off."
        )
    if not policy.is_default and (policy.scanners.exclude or policy.areas):
        notes += config.unmatched_globs(policy, repository.paths_at(base))
    return tuple(notes)


def _signoff(
    repository: Repository,
    change: ChangeSet,
    authorship: Authorship,
    registry: Registry,
    touched: tuple[Touch, ...],
    areas: tuple[Area, ...],
    policy: Policy,
    reviews: ForgeFacts | None,
    now: str,
) -> Signoff:
    digests, since = _older_heads(repository, change, reviews)
    return decide_signoff(
        touches=touched,
        areas=areas,
        binding=Binding(
            repo=change.repo, target=change.target, head=change.head, change_digest=change.change_digest
        ),
        commits=change.commits,
        authorship=authorship,
        forge=reviews,
        policy=policy.signoff,
        now=now,
        is_agent=lambda name, email: is_agent_identity(name, email, registry),
        undeclared_is_ai=policy.authorship.treat_undeclared_as_ai,
        earlier_commits=_earlier_commits(repository, change, reviews),
        older_digests=digests,
        changed_since=since,
    )


def _older_heads(
    repository: Repository, change: ChangeSet, reviews: ForgeFacts | None
) -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """Return digest and differing paths for each older head that was approved and that this clone has."""
    digests: dict[str, str] = {}
    since: dict[str, tuple[str, ...]] = {}
    for sha in sorted({d.commit for d in reviews.decisions if d.commit} if reviews else ()):
        if sha == change.head:
            continue
        try:
            digests[sha] = repository.change_digest(change.base, sha)
            since[sha] = repository.paths_between(sha, change.head)
        except GitError:
            continue  # an older head that cannot be read is stale; the decision says so
    return digests, since


def _earlier_commits(
    repository: Repository, change: ChangeSet, reviews: ForgeFacts | None
) -> tuple[Commit, ...]:
    """Return the commits of earlier heads: a rebase rewrites a committer and would free him to approve."""
    found: dict[str, Commit] = {}
    for sha in reviews.earlier_heads if reviews else ():
        try:
            found.update((c.sha, c) for c in repository.commits(f"{change.base}..{sha}"))
        except GitError:
            continue  # not in this clone; nothing more can be known of it
    return tuple(found.values())

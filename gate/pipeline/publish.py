"""The trusted job: from a report that may lie to a verdict made anew, posted where people look."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from gate.core.ai import Reason
from gate.core.policy import Mode
from gate.core.review import compared_commits
from gate.core.verdict import Outcome
from gate.core.words import listed
from gate.errors import EXIT_INCOMPLETE, ConfigError, GateError, IncompleteError
from gate.forges.port import NoRequest
from gate.pipeline import inputs
from gate.pipeline.fetched import BASE, objects_of
from gate.pipeline.forge import as_request, read_facts, wanted
from gate.pipeline.posting import STATES, Poster, Superseded
from gate.pipeline.recording import leave
from gate.pipeline.report_file import ReportRefused, read_report
from gate.reports import comment, inline, render
from gate.reports.escape import cut, one_line
from gate.reports.messages import Catalogue
from gate.reports.options import MAX_COMMENT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gate.core.facts import Facts, Run
    from gate.core.review import ForgeFacts
    from gate.forges.port import Forge, Proposal
    from gate.git import Repository
    from gate.pipeline.recording import Recording
    from gate.pipeline.report_schema import Report
    from gate.pipeline.request import Progress, Request

#: Stands for the target branch in the name of a status.
TARGET = "{target}"
#: Bytes of the comment; a forge that finds one too long gets the next.
SIZES = (MAX_COMMENT_BYTES, MAX_COMMENT_BYTES // 2, MAX_COMMENT_BYTES // 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to publish and where. `request` holds the options that a check has, too; its `repo` None means that
    the objects are fetched. `url` leads to the run for people. `pending` only says that a run is under way.
    `recording` says how a record is left, where the policy or it names a store.
    """

    report: Path | None
    request: Request
    repo: Path | None = None
    context: str = "gate"
    key: str = "default"
    comment: bool = True
    lines: bool = True
    sarif: bool = False
    language: str = "en"
    url: str = ""
    pending: bool = False
    recording: Recording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came out. `run` is None where nothing could be judged; then `problem` says why. `log` has a line for
    each channel, `text` is the comment as it should stand, `failed` names channels that did not work.
    """

    exit_code: int
    word: str
    log: tuple[str, ...] = ()
    run: Run | None = None
    problem: GateError | None = None
    text: str = ""
    failed: frozenset[str] = field(default=frozenset())


def publish(job: Job, forge: Forge, progress: Progress) -> Published:
    """Judge anew and post. The verdict and exit code depend on no write, but for a status that could not be
    posted: it is the gate's answer, so without it the exit code is 4.

    Raises ConfigError for a policy that is wrong, ForgeError if the forge cannot even name the request.
    """
    progress("asking the forge for the merge request")
    try:
        proposal = forge.proposal()
    except NoRequest as error:
        return Published(exit_code=0, word="nothing to do", problem=error)
    say = Catalogue(job.language)
    protected = forge.is_protected(proposal.target) if proposal.is_open else None
    poster = Poster(
        forge=forge,
        proposal=proposal,
        context=_context(job.context, proposal.target, protected=protected),
        key=job.key,
        language=job.language,
        url=job.url,
    )
    if not proposal.is_open:
        return Published(exit_code=0, word="closed", log=("the merge request is closed; nothing is posted",))
    try:
        if job.pending or job.report is None:
            poster.pending(say("status.pending"))
            return _ended(poster, exit_code=0, word="pending")
        return _publish(job, job.report, forge, poster, progress)
    except Superseded as error:
        return _ended(poster, exit_code=EXIT_INCOMPLETE, word="superseded", problem=error)
    except Exception as error:
        # An answer that was given before must not stand as if this run had confirmed it.
        poster.status("error", say("status.wrong" if isinstance(error, ConfigError) else "status.failed"))
        raise


def _publish(job: Job, path: Path, forge: Forge, poster: Poster, progress: Progress) -> Published:
    proposal = poster.proposal
    try:
        report = read_report(path)
        if _is_foreign(report, proposal):
            # Posting its verdict would let a report speak where its job has no business. A pass of before is not
            # confirmed by it either, unless the head moved on while the report was made.
            if proposal.named or report.change.head == proposal.head:
                poster.take_back(Catalogue(job.language)("status.refused"))
            problem = _foreign(report, proposal)
            return _ended(poster, exit_code=EXIT_INCOMPLETE, word="incomplete", problem=problem)
        with objects_of(job.repo, forge, proposal, progress) as objects:
            repository, fetch_commits, remote = objects
            run = _judge(job, report, forge, proposal, (repository, fetch_commits), progress)
            if job.recording is not None:
                # Before anything is posted: a status that promises a record which is not there helps nobody.
                progress("leaving a record")
                how = replace(job.recording, change=str(proposal.number))
                if told := leave(run, repository, how, remote=remote):
                    poster.log.append(told)
    except (ReportRefused, IncompleteError) as error:
        if isinstance(error, Superseded):
            raise
        say = Catalogue(job.language)
        told = (
            say("status.refused")
            if isinstance(error, ReportRefused)
            else say("status.incomplete", what=error.message)
        )
        poster.status("error", cut(one_line(told), 140))
        if isinstance(error, ReportRefused) and job.comment and not proposal.queued:
            poster.comment([lambda: f"{poster.marker}\n{inline.refused(job.language)}"], worth=True)
        return _ended(poster, exit_code=EXIT_INCOMPLETE, word="incomplete", problem=error)
    return _post(job, forge, poster, run, progress)


def _is_foreign(report: Report, proposal: Proposal) -> bool:
    told = report.change
    if told.head != proposal.head:
        return True
    if "/" in told.repo and told.repo.casefold() != proposal.repository.casefold():
        return True
    return told.target.startswith("refs/") and told.target != f"refs/heads/{proposal.target}"


def _foreign(report: Report, proposal: Proposal) -> IncompleteError:
    told = report.change
    return IncompleteError(
        f"the report is of {told.head[:12]} in {told.repo} for {told.target}, and merge request "
        f"{proposal.number} of {proposal.repository} is at {proposal.head[:12]} for refs/heads/{proposal.target}",
        hint="Nothing of it was posted. Either the merge request moved on, and its next run posts, or this report "
        "belongs to another one.",
    )


# -- the verdict -------------------------------------------------------------------------------------


def _judge(
    job: Job,
    report: Report,
    forge: Forge,
    proposal: Proposal,
    objects: tuple[Repository, Callable[[Sequence[str]], None]],
    progress: Progress,
) -> Run:
    from gate.pipeline.recompute import recompute  # noqa: PLC0415 - most of the gate, after quick refusals

    repository, fetch_commits = objects
    progress("judging the change anew")
    request = job.request
    base_name = request.base or _base(repository, proposal)
    base = repository.resolve(base_name)
    policy = inputs.load_policy(repository, base, request)
    waivers = inputs.read_waivers(repository, base, policy)
    rules = inputs.rules(repository, base, policy)
    change = repository.change(
        base_name,
        proposal.head,
        target=f"refs/heads/{proposal.target}",
        max_file_bytes=policy.scanners.max_file_bytes,
    )
    # The forge knows best what the project is called; a clone may have come from a mirror.
    change = replace(change, repo=proposal.repository)

    def judged(facts: ForgeFacts | None) -> Run:
        from gate.pipeline.judge import Judge  # noqa: PLC0415

        judge = Judge.of(
            repository,
            change,
            policy,
            waivers=waivers,
            reviews=facts,
            request=as_request(forge.name, proposal),
            now=request.now,
            signoffs=request.signoffs,
        )
        return recompute(judge, report, rules)

    run = judged(None)
    if not run.facts.signoff.required:
        return run
    progress("asking the forge for reviews")
    facts = read_facts(
        forge, proposal, wanted(repository, change, policy.signoff, forge.name, request.signoffs)
    )
    fetch_commits(_absent(repository, facts))
    return judged(facts)


def _base(repository: Repository, proposal: Proposal) -> str:
    """What the head is compared with: the tip of the target, or in a merge queue the entry before."""
    tip = BASE.format(proposal.target)
    if not proposal.queued:
        return tip
    if not repository.is_ancestor(tip, proposal.base) or not repository.is_ancestor(
        proposal.base, proposal.head
    ):
        raise IncompleteError(
            f"{proposal.base[:12]} does not stand between {proposal.target} and {proposal.head[:12]}",
            hint="The merge queue was built anew; its next run posts.",
        )
    return proposal.base


def _absent(repository: Repository, facts: ForgeFacts) -> list[str]:
    """Earlier heads and approved commits that are not here: after a rebase no ref names them."""
    named = list(dict.fromkeys([*compared_commits(facts.decisions), *facts.earlier_heads]))
    known = repository.known_commits(named)
    return [sha for sha in named if sha not in known]


# -- posting -----------------------------------------------------------------------------------------


def _post(job: Job, forge: Forge, poster: Poster, run: Run, progress: Progress) -> Published:
    progress("posting")
    proposal = poster.proposal
    state, description = STATES[run.verdict.outcome], inline.describe(run, job.language)
    softened = run.facts.policy.mode is Mode.OBSERVE and run.exit_code == 0
    if softened:
        state = "success"
    if state == "success" and forge.is_protected(proposal.target) is None:
        state = "pending"
        description = cut(Catalogue(job.language)("status.unsure", branch=proposal.target), 140)
    is_shared = TARGET not in job.context  # else the status of another branch has another name
    if (
        state == "success"
        and is_shared
        and not proposal.queued
        and (others := _waiting_siblings(forge, poster))
    ):
        state = "pending"
        description = cut(Catalogue(job.language)("status.sibling", what=others), 140)
    texts = [partial(_text, run, job, proposal, forge.name, size) for size in SIZES]
    if state == "success":
        poster.passed(description)
    else:
        poster.status(state, description)
    # People look at the pull request, and an entry of the merge queue is none.
    if job.comment and not proposal.queued:
        poster.comment(texts, worth=_is_worth(run))
    if job.lines and not proposal.queued:
        poster.remarks(run)
    if job.sarif:
        poster.sarif(lambda: render("sarif", run))
    return _ended(
        poster,
        exit_code=EXIT_INCOMPLETE if "status" in poster.failed else run.exit_code,
        word=run.verdict.outcome.word,
        run=run,
        text=texts[0](),
    )


def _context(context: str, target: str, *, protected: bool | None) -> str:
    """The name of the status for a target branch. One for a branch that is not protected is required by no rule: who
    can write there makes its policy, and a pass by that policy must not stand on a commit that then goes elsewhere.
    """
    branch = one_line(target)
    name = context.replace(TARGET, branch)
    return cut(name if protected is not False else f"{name} ({branch})", 100)


def _text(run: Run, job: Job, proposal: Proposal, forge: str, size: int) -> str:
    return comment.render(
        run,
        key=job.key,
        language=job.language,
        web_url=proposal.project_web,
        forge=forge,
        report_url=job.url,
        max_bytes=size,
    )


def _is_worth(run: Run) -> bool:
    """Whether a first comment is made: a pass with nothing to tell needs none."""
    facts = run.facts
    return (
        run.verdict.outcome is not Outcome.PASSED
        or bool(facts.findings or facts.signoff.required)
        or facts.authorship.is_ai
        or _is_unreviewed(facts)
    )


def _is_unreviewed(facts: Facts) -> bool:
    """Whether the policy asks for a review by a model, there was something to review, and it was not done in full."""
    done = facts.ai
    return facts.policy.ai.enabled and (
        done is None or not (done.performed or done.reason is Reason.NOTHING_REVIEWABLE)
    )


def _waiting_siblings(forge: Forge, poster: Poster) -> str:
    """The targets of other open requests with this head, for which the status would speak, too."""
    try:
        found = forge.siblings(poster.proposal)
    except IncompleteError as error:
        poster.log.append(f"status: other requests with this head are not known: {error.message}")
        return Catalogue(poster.language)("status.unlisted")
    targets = [
        f"{one.target} (request {one.number})"
        for one in found
        if one.protected is not False and one.target != poster.proposal.target
    ]
    return listed(targets, most=3) if targets else ""


def _ended(
    poster: Poster,
    *,
    exit_code: int,
    word: str,
    run: Run | None = None,
    problem: GateError | None = None,
    text: str = "",
) -> Published:
    if "status" in poster.failed:
        exit_code = EXIT_INCOMPLETE
    return Published(
        exit_code=exit_code,
        word=word,
        log=tuple(poster.log),
        run=run,
        problem=problem,
        text=text,
        failed=frozenset(poster.failed),
    )

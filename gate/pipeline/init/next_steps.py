"""What only a person can do after the files are written, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.pipeline.init.gitlab_ci import Joined
    from gate.pipeline.init.look import Look
    from gate.pipeline.init.shipped import Source


#: What is to be added to git: files of ours and folders that hold some.
_FILES = {"github": (".gate.yml", ".github"), "gitlab": (".gate.yml", ".gitlab", ".gitlab-ci.yml")}


def of(
    seen: Look,
    source: Source,
    people: int | None,
    joined: Sequence[Joined],
    *,
    release: bool = False,
    ai: bool = False,
) -> tuple[str, ...]:
    """Return the steps as plain sentences."""
    more = (*(_release(seen.forge) if release else ()), *(for_ai("Settings > Environments") if ai else ()))
    return (*_steps(seen, source, people, joined), *more, _LAST)


def for_ai(place: str) -> Iterator[str]:
    """Yield what is left to do for a review by a model, whose key is kept at `place`."""
    yield f"{place}: make gate-ai, limit it to the default branch, and give it the key as ANTHROPIC_API_KEY."
    yield (
        "In .gate.yml of the guarded project, switch the review on: ai: {enabled: true, engine: messages-api, model: NAME}. "
        "docs/ai-review.md says what it costs."
    )


def _steps(seen: Look, source: Source, people: int | None, joined: Sequence[Joined]) -> Iterator[str]:
    if not source.is_known:
        yield (
            f"Where CI can fetch the gate from is not known. Put its account in the place of OWNER in "
            f"{source.path} wherever it stands in the files above, or run again with "
            f"--source HOST/OWNER/ai-merge-gate@{source.revision}. Until then the check fails and lets nothing pass."
        )
    server = seen.host or "github.com"
    if source.is_known and seen.forge == "github" and source.host != server:
        yield (
            f"{server} uses workflows of its own server only, and the gate comes from {source.host}: mirror it there, "
            f"as {source.path} with that commit, or name another place with --source."
        )
    yield from dict.fromkeys(note for one in joined for note in one.notes)
    if people is None:
        yield "The policy that is there cannot be read: gate doctor names the lines. Until then every check ends with 2."
    elif not people:
        yield "Name people in .gate.yml under signoff: whom you list there can sign off. Until then sensitive changes wait."
    elif people == 1:
        yield "Name a second reviewer in .gate.yml: nobody can sign off a change that the only one made."
    if people and seen.people:
        yield (
            "In .gate.yml, under signoff.humans, move the people who commit out of the comments: a change by somebody whom "
            "the policy does not list needs two sign-offs."
        )
    yield (
        f"Read the files, then: git checkout -b gate && git add {' '.join(_FILES[seen.forge])} && git commit -m gate && "
        "git push -u origin gate. Merge that: policy and CI count from the target branch."
    )
    if seen.forge == "github":
        yield (
            "Settings > Environments: make gate-publish, limit it to the default branch, and give it a secret GATE_TOKEN "
            "if a GitHub App is to set the status (without it the job's own token does)."
        )
        yield (
            "Settings > Rules: for the target branch require the status `gate`, with its expected source, dismiss stale "
            "approvals, and require approval of the last push."
        )
        yield "Settings > Actions > General: default permission read, and Actions may not approve pull requests."
    else:
        yield "Settings > Merge requests: pipelines must succeed, and skipped pipelines do not count as success."
        yield (
            "Approvals: until somebody reads them, a change in a sensitive area ends as waiting. A publisher project reads "
            "them, and posts a status and a comment from a place that no merge request can edit: gate init --publisher, "
            "docs/ci.md. Or the job itself does: Settings > CI/CD > Variables: GATE_TOKEN, a project access token with "
            'read_api (Reporter), masked; and in .gitlab-ci.yml the input forge: "auto".'
        )
        yield "Settings > Merge requests > Approvals: reset on push, no approval by author or committers, rules fixed."


_LAST = "gate doctor: says what of this is still open."


def _release(forge: str) -> Iterator[str]:
    if forge == "github":
        yield (
            "Releases: put the job that publishes into .github/workflows/gate-release.yml with needs: gate and an environment "
            "that only tags v* may use and that holds the secrets of publishing. Settings > Rules: a tag ruleset says who "
            "may create v*."
        )
    else:
        yield (
            "Releases: give the job that publishes needs: [ai-merge-gate-release] and a protected environment. "
            "Settings > Repository: protect the tags v*, and say who may create them."
        )
    yield (
        "Releases: verdicts must leave records that answer for merge requests later (evidence in .gate.yml); the first "
        "release also needs a baseline commit. See docs/ci.md."
    )

"""What `gate init` would write: every file with its reason, and what a person still has to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate import __version__
from gate.config import load_policy
from gate.core.policy import CODEOWNERS
from gate.errors import ConfigError, UsageError
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.init import next_steps
from gate.pipeline.init.gitlab_ci import JOB_FILE, RELEASE_FILE, RELEASE_JOB, join
from gate.pipeline.init.look import Look, look, read_languages
from gate.pipeline.init.policy import policy_text
from gate.pipeline.init.shipped import Source, find_source, pinned, template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.pipeline.init.gitlab_ci import Joined

#: Larger files of the repository are not read; none of those that are asked for is that large.
MAX_BYTES = 1_000_000
OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
#: Stands for a number of people that only the forge knows.
MANY = 99
_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The options of `gate init`. `reviewers` are logins of people who sign off everything at first.

    `shards` is into how many jobs the scan is split, `release` asks for a job that judges releases, too,
    `ai` for one that holds the key of a model.
    """

    repo: Path = Path()
    forge: str | None = None
    preset: str = "balanced"
    mode: str = "enforce"
    reviewers: Sequence[str] = ()
    source: str | None = None
    shards: int = 1
    release: bool = False
    ai: bool = False
    force: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file: `action` is create, append, replace, unchanged, kept or blocked; `new` its content if it is written."""

    path: str
    action: str
    why: str
    old: str | None = None
    new: str | None = None

    @property
    def writes(self) -> bool:
        """Whether the file is written."""
        return self.new is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`root` is the work tree; `by_hand` are pieces of text to add to files that are not touched, by path."""

    root: Path
    forge: str
    why_forge: str
    steps: tuple[Step, ...]
    by_hand: tuple[tuple[str, str], ...]
    next: tuple[str, ...]
    languages: Mapping[str, int]


def plan(wish: Wish) -> Plan:
    """Return what would be written. Nothing is changed; no network is used. Raises UsageError."""
    for login in wish.reviewers:
        if not _LOGIN.fullmatch(login) or login.casefold() == "codeowners":
            raise UsageError(
                f"--reviewer {login}: is no login",
                hint="Give the name of the account, without @ and once for each.",
            )
    with Repository.open(wish.repo) as repository:
        seen = look(repository, inputs.registry(load_policy(None)), wish.forge, wish.environment)
    if wish.ai and seen.forge == "gitlab":
        raise UsageError(
            "--ai: a merge request can edit every job of this project, and would read the key there",
            hint="Write the job into a publisher project: --publisher DIR --project ID --ai.",
        )
    source = find_source(wish.source, _home(seen))
    steps = [_policy(seen, wish)]
    joined: list[Joined] = []
    if seen.forge == "github":
        steps += _github(seen, source, wish)
    else:
        more, joined = _gitlab(seen, source, wish)
        steps += more
    by_hand = [(".gitlab-ci.yml", one.entry) for one in joined if one.text is None]
    owners = _owners(seen, wish)
    if isinstance(owners, Step):
        steps.append(owners)
    elif owners is not None:
        by_hand.append(owners)
    return Plan(
        root=seen.root,
        forge=seen.forge,
        why_forge=seen.why_forge,
        steps=tuple(steps),
        by_hand=tuple(by_hand),
        next=next_steps.of(seen, source, _people(steps[0]), joined, release=wish.release, ai=wish.ai),
        languages=seen.languages,
    )


def _home(seen: Look) -> str:
    """The host to look for a copy of the gate on, where nothing else is known."""
    return seen.host or ("github.com" if seen.forge == "github" else "gitlab.com")


def _policy(seen: Look, wish: Wish) -> Step:
    from gate.scanners.catalogue import rule_cards  # noqa: PLC0415 - reads every rule file

    ruled = [lang for card in rule_cards() if card.family for lang in card.languages]
    text = policy_text(
        seen,
        preset=wish.preset,
        mode="observe" if wish.preset == "observe" else wish.mode,
        reviewers=wish.reviewers,
        read=read_languages(tuple(seen.languages), ruled),
    )
    load_policy(text.encode(), name=inputs.POLICY_FILE)  # what cannot be read must not be written
    why = f"the policy: preset {wish.preset}, what blocks, who signs off"
    old = _read(seen.root, inputs.POLICY_FILE)
    if old is not None and old != text:
        why = "the policy is yours and stays as it is, also with --force"
        return Step(path=inputs.POLICY_FILE, action="kept", why=why, old=old)
    return write_step(seen.root, inputs.POLICY_FILE, text, why, wish)


def _people(policy: Step) -> int | None:
    """How many people the policy will name who can sign off, None if it is broken."""
    text = policy.new if policy.new is not None else policy.old
    try:
        decided = load_policy((text or "").encode(), name=inputs.POLICY_FILE)
    except ConfigError:
        return None
    named = {person for listed in decided.signoff.reviewers.values() for person in listed}
    return MANY if decided.signoff.teams or CODEOWNERS in named else len(named)


def _github(seen: Look, source: Source, wish: Wish) -> list[Step]:
    files = {
        "gate.yml": "the check, which reads the change and holds no secret",
        "gate-signoff.yml": "wakes the publisher up when somebody approves",
        "gate-publish.yml": "the publisher, which judges again and writes status and comment",
    }
    if wish.release:
        files["gate-release.yml"] = "judges every release on the push of its tag"
    return [
        write_step(
            seen.root,
            f".github/workflows/{name}",
            _sharded(
                pinned(template(f"github/{_with_ai(name) if wish.ai else name}"), source),
                wish.shards if name == "gate.yml" else 1,
            ),
            why,
            wish,
        )
        for name, why in files.items()
    ]


def _with_ai(name: str) -> str:
    return "gate-publish-ai.yml" if name == "gate-publish.yml" else name


def _sharded(workflow: str, shards: int) -> str:
    """A workflow whose last lines call the scan, with the number of jobs that it is split into."""
    if shards == 1:
        return workflow
    numbers = ", ".join(str(number) for number in range(1, shards + 1))
    return f'{workflow}    with:\n      shards: "[{numbers}]" # one job each, and one for the verdict\n'


def _gitlab(seen: Look, source: Source, wish: Wish) -> tuple[list[Step], list[Joined]]:
    given: tuple[tuple[str, str | int], ...] = (("source", source.url), ("revision", source.revision))
    steps = [
        write_step(seen.root, JOB_FILE, template("gate.yml"), "the job, with its inputs explained", wish)
    ]
    path = ".gitlab-ci.yml"
    old = _read(seen.root, path)
    more = () if wish.shards == 1 else (("shards", wish.shards),)
    joined = [join(old, (*given, *more))]
    if wish.release:
        why = "the job that judges every release, with its inputs explained"
        steps.append(write_step(seen.root, RELEASE_FILE, template("release.yml"), why, wish))
        joined.append(join(joined[0].text or old, given, file=RELEASE_FILE, job=RELEASE_JOB))
    texts = [one.text for one in joined if one.text is not None]
    stuck = [one for one in joined if one.text is None]
    what = "the job" if len(joined) == 1 else "the jobs"
    if stuck:
        why = f"not touched: {stuck[0].problem}; see below what to add"
        joined = [one if one.is_there else replace(one, text=None) for one in joined]
        return [*steps, Step(path=path, action="blocked", why=why)], joined
    if all(one.is_there for one in joined):
        has = old is not None and source.revision in old
        why = f"includes {what} already" + (
            "" if has else f", pinned to another commit than {source.revision[:12]}"
        )
        return [*steps, Step(path=path, action="unchanged" if has else "kept", why=why, old=old)], joined
    action = "create" if old is None else "append"
    why = f"includes {what}, pinned to one commit of the gate"
    return [*steps, Step(path=path, action=action, why=why, old=old, new=texts[-1])], joined


def _owners(seen: Look, wish: Wish) -> Step | tuple[str, str] | None:
    """Owners of the gate's own files, where reviewers are known: the forge's second line of defence."""
    if not wish.reviewers:
        return None
    guarded = (
        ("/.gate.yml", "/.gate/", "/.github/")
        if seen.forge == "github"
        else ("/.gate.yml", "/.gate/", "/.gitlab/", "/.gitlab-ci.yml")
    )
    names = " ".join(f"@{login}" for login in wish.reviewers)
    lines = "".join(f"{path} {names}\n" for path in guarded)
    there = next((path for path in OWNERS if _read(seen.root, path) is not None), None)
    if there is None:
        text = f"# Whoever changes how changes are judged asks these people. Written by gate init.\n{lines}"
        why = "owners of the policy and of CI, so that the forge asks them too"
        return write_step(seen.root, f".{seen.forge}/CODEOWNERS", text, why, wish)
    old = _read(seen.root, there) or ""
    missing = [line for line in lines.splitlines(keepends=True) if line.split()[0] not in old.split()]
    return (there, "".join(missing)) if missing else None


def write_step(root: Path, path: str, text: str, why: str, wish: Wish) -> Step:
    """Return what is to happen to one file. Raises UsageError for a link, or for what is no file."""
    old = _read(root, path)
    if old is None:
        return Step(path=path, action="create", why=why, new=text)
    if old == text:
        return Step(path=path, action="unchanged", why=why, old=old)
    if wish.force:
        return Step(path=path, action="replace", why=why, old=old, new=text)
    kept = (
        f"differs from what version {__version__} writes; --force replaces it and keeps the old one beside it"
    )
    return Step(path=path, action="kept", why=kept, old=old)


def _read(root: Path, path: str) -> str | None:
    """The content of a file of the work tree, None if there is none. Raises UsageError for anything else there."""
    place = root
    for part in path.split("/"):
        place /= part
        if place.is_symlink():
            raise UsageError(
                f"{place}: is a link, and nothing is written through links",
                hint="Replace it by a real file or folder, then run gate init again.",
            )
    if not place.exists():
        return None
    if not place.is_file() or place.stat().st_size > MAX_BYTES:
        raise UsageError(f"{place}: is no ordinary file", hint="Move it away, then run gate init again.")
    try:
        return place.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{place}: cannot be read: {error}", hint="Save it as UTF-8 and check its rights."
        ) from error

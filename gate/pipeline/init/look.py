"""What a repository is like, as far as setting it up depends on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.errors import GitError, UsageError
from gate.pipeline.identities import Identity, recent
from gate.scanners.languages import LANGUAGES, covers, is_code, language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gate.core.authorship import Registry
    from gate.git import Repository

#: Folders of other people's or generated code that are worth leaving out where a repository has them.
FOREIGN = ("node_modules", "vendor", "third_party", "third-party", "bower_components")
FORGES = ("github", "gitlab")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`languages`: files of code by language, most first; `foreign`: top folders of code that is not the team's.

    `why_forge` and `why_no_people` are for people. `people` committed lately, `why_no_people` says why none is known.
    """

    root: Path
    forge: str
    why_forge: str
    host: str
    languages: Mapping[str, int]
    foreign: tuple[str, ...]
    people: tuple[Identity, ...]
    why_no_people: str = ""


def look(
    repository: Repository, registry: Registry, forge: str | None, environment: Mapping[str, str]
) -> Look:
    """Return what there is. Raises UsageError for a bare repository, or if the forge cannot be told."""
    if repository.root is None:
        raise UsageError(
            "this is a bare repository, so there is no place to write files to",
            hint="Run gate init in a clone that has files.",
        )
    host, slash, _ = repository.name.partition("/")
    host = host if slash and "." in host else ""
    name, why = _forge(repository.root, host, forge, environment)
    try:
        paths = repository.paths_at("HEAD")
    except GitError:
        paths = ()  # nothing is committed yet
    people: tuple[Identity, ...] = ()
    why_not = ""
    if not paths:
        why_not = "nothing is committed yet"
    else:
        try:
            people = recent(repository, "HEAD", registry)
        except GitError as error:
            why_not = error.message
    counted = Counter(language(path, executable=False, data=b"") for path in paths if not _is_foreign(path))
    return Look(
        root=repository.root,
        forge=name,
        why_forge=why,
        host=host,
        languages={lang: n for lang, n in counted.most_common() if is_code(lang)},
        foreign=tuple(sorted({path.split("/")[0] for path in paths if _is_foreign(path)})),
        people=people,
        why_no_people=why_not,
    )


def read_languages(languages: Sequence[str], ruled: Sequence[str]) -> tuple[str, ...]:
    """Return those of `languages` that rules with the languages `ruled` look for weaknesses in."""
    keys = frozenset(ruled)
    return tuple(lang for lang in languages if lang in LANGUAGES and covers(keys, lang))


def _is_foreign(path: str) -> bool:
    return "/" in path and path.split("/", maxsplit=1)[0] in FOREIGN


def _forge(root: Path, host: str, asked: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    if asked:
        return asked, "--forge says so"
    for name in FORGES:
        if name in host.split("."):
            return name, f"the remote origin is on {host}"
    if environment.get("GITLAB_CI"):
        return "gitlab", "this is a job of GitLab CI"
    if environment.get("GITHUB_ACTIONS") == "true":
        return "github", "this is a job of GitHub Actions"
    has = {"github": (root / ".github").is_dir(), "gitlab": (root / ".gitlab-ci.yml").is_file()}
    if has["github"] != has["gitlab"]:
        return (
            ("github", "there is a folder .github")
            if has["github"]
            else ("gitlab", "there is a .gitlab-ci.yml")
        )
    told = f"the remote origin is on {host}" if host else "there is no remote origin"
    raise UsageError(
        f"which forge this repository is for cannot be told: {told}",
        hint="Say it: gate init --forge github, or --forge gitlab.",
    )

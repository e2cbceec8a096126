"""What a run is judged by: the ends of the range, the policy of the base, the shipped data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate import config
from gate.core.evidence import digest
from gate.core.finding import Severity
from gate.core.policy import Mode, Policy
from gate.errors import ConfigError, ConfigErrors, UsageError
from gate.forges.environment import MergeRequest, merge_request

if TYPE_CHECKING:
    from gate.core.area import Area
    from gate.core.authorship import Registry
    from gate.core.family import Families
    from gate.core.release.model import Framework
    from gate.core.review import ForgeFacts
    from gate.core.suppression import Waiver
    from gate.git import Repository
    from gate.pipeline.request import Request
    from gate.scanners import Rules

POLICY_FILE = ".gate.yml"
#: Larger policy, waiver and rule files are refused.
MAX_CONFIG_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The two revisions that a run compares, as commit ids, and what CI said about the merge request."""

    base: str
    head: str
    target: str | None
    base_name: str
    request: MergeRequest | None


def find_ends(repository: Repository, request: Request) -> Ends:
    """Return what to compare: the options, else the CI's merge request, else the default branch and HEAD.

    Raises UsageError or GitError, each naming the option that helps.
    """
    for option, value in (("--base", request.base), ("--head", request.head)):
        if value == "":
            raise UsageError(
                f"{option} is empty",
                hint="Give a revision, or leave the option out. In CI: is the variable behind it set?",
            )
    told, ends = None, None
    if request.repo == Path():
        # CI variables speak of the repository that the job checked out, and of no other.
        try:
            told = merge_request(request.environment, _read_file)
        except UsageError as error:
            if request.base is None:
                raise
            told = MergeRequest(forge="", problem=error.message)
        ends = told if request.base is None else None
    base = request.base or (ends.base if ends else None) or repository.default_base()
    head = request.head or (ends.head if ends else None) or "HEAD"
    return Ends(
        base=repository.resolve(base),
        head=repository.resolve(head),
        target=request.target or (ends.target if ends else None),
        base_name=base,
        request=told,
    )


def _read_file(path: str, max_bytes: int) -> bytes:
    with Path(path).open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ValueError(f"more than {max_bytes:,} bytes")
    return data


def read_reviews(path: Path | None) -> ForgeFacts | None:
    """Return the facts of a reviews file, None if none was given. Raises what `read_reviews` of forges raises."""
    if path is None:
        return None
    from gate.forges.reviews_file import read_reviews as read  # noqa: PLC0415 - its types cost 25 ms

    return read(path)


def load_policy(repository: Repository | None, base: str | None, request: Request) -> Policy:
    """Return the policy: `--config`, else `.gate.yml` at `base`, else the preset; options on top.

    Never reads the head. Raises ConfigErrors for a broken file.
    """
    if request.config is not None:
        policy = config.load_policy(read_config(request.config), name=str(request.config))
    elif repository is not None and base is not None:
        text = policy_file(repository, base, POLICY_FILE)
        place = f"{POLICY_FILE} at {base[:12]}"
        policy = config.load_policy(text, name=POLICY_FILE, source=place)
    else:
        policy = config.load_policy(None)
    if request.mode is not None:
        policy = replace(policy, mode=Mode(request.mode))
    if request.fail_level is not None:
        level = Severity[request.fail_level.upper()]
        policy = replace(policy, findings=replace(policy.findings, fail_level=level))
    if not (request.mode or request.fail_level):
        return policy
    return replace(policy, digest=digest([policy.digest, request.mode, request.fail_level]))


def policy_file(repository: Repository, base: str, path: str) -> bytes | None:
    """Return the content of a configuration file at the base commit, None if nothing is there.

    Raises ConfigError if there is something else of that name, such as a link: what somebody wrote to be
    obeyed must not be passed over in silence.
    """
    text = repository.file_at(base, path, max_bytes=MAX_CONFIG_BYTES)
    if text is not None:
        return text
    twin = path.removesuffix(".yml") + ".yaml"
    for other in repository.paths_at(base):
        if other == path or other.startswith(f"{path}/"):
            raise ConfigError(
                f"{path} at {base[:12]}: is a link, a submodule or a folder",
                hint="The gate follows no links: put the content into a regular file of that name.",
            )
        if other == twin:
            raise ConfigError(
                f"{twin} at {base[:12]}: is not read, the name is {path}", hint=f"Rename it to {path}."
            )
    return None


def read_config(path: Path) -> bytes:
    """Return the content of a file given on the command line. Raises UsageError if that cannot be done."""
    try:
        return _read_file(str(path), MAX_CONFIG_BYTES)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"{path}: cannot be read: {told}", hint="Check the path given with --config."
        ) from error


def read_waivers(repository: Repository, base: str, policy: Policy) -> tuple[Waiver, ...]:
    """Return the waivers of the base commit; no file, no waivers."""
    text = policy_file(repository, base, policy.waivers)
    if text is None:
        return ()
    from gate.config.waivers import load_waivers  # noqa: PLC0415 - most repositories have none

    return load_waivers(text, name=f"{policy.waivers} at {base[:12]}", humans=policy.signoff.humans)


def registry(policy: Policy, repository: Repository | None = None, base: str | None = None) -> Registry:
    """Return the signatures of agents, with the hosts and the overlay that the policy names.

    The overlay is read at the base commit. Raises ConfigErrors if it is not there or is wrong: signatures of
    the team that do not load must not be missed.
    """
    from gate.core.authorship import build_registry  # noqa: PLC0415 - loaded while scanners work

    documents = tuple(config.load_agents().values())
    bots, hosts = config.load_bots(), policy.authorship.noreply_hosts
    path = policy.authorship.overlay
    if path is None:
        return build_registry(documents, bots=bots, noreply_hosts=hosts)
    from gate.config.overlay import registry_with_overlay  # noqa: PLC0415 - few sites have one

    if repository is None or base is None:
        name, text = path, _beside(policy, path)
    else:
        name, text = f"{path} at {base[:12]}", policy_file(repository, base, path)
    if text is None:
        raise ConfigError(
            f"{policy.source}: authorship.overlay names {path}, which is not there",
            hint="Commit the file on the target branch, or remove the key from the policy there.",
        )
    return registry_with_overlay(text, name=name, documents=documents, bots=bots, noreply_hosts=hosts)


def _beside(policy: Policy, path: str) -> bytes | None:
    """The content of a file that a policy given with `--config` names, from the folder of that policy."""
    place = Path(policy.source).parent / path
    return read_config(place) if place.exists() else None


def areas(policy: Policy) -> tuple[Area, ...]:
    """Return the shipped areas with what the policy adds."""
    from gate.core.area import build_areas  # noqa: PLC0415 - loaded while scanners work

    return build_areas(config.load_areas().values(), config.compile_glob, policy.areas)


def families() -> Families:
    """Return the table of weakness families."""
    from gate.core.family import build_families  # noqa: PLC0415 - loaded while scanners work

    return build_families(config.load_families())


def frameworks() -> tuple[Framework, ...]:
    """Return the shipped mapping of release reports to frameworks. Raises ConfigError for a file that is wrong."""
    from gate.core.release.controls import build_framework  # noqa: PLC0415 - only for releases

    try:
        return tuple(
            build_framework(name.rpartition("/")[2].removesuffix(".yml"), document)
            for name, document in config.load_controls().items()
        )
    except ValueError as error:
        raise ConfigError(str(error), hint="Correct the file of the rulesets.") from error


def rules(repository: Repository | None, base: str | None, policy: Policy) -> Rules:
    """Return the Semgrep rules: the shipped ones, and rule files that the policy names, from the base commit.

    Raises ConfigErrors if a named file or folder is not there: a rule that does not load must not be missed.
    """
    from gate.scanners import load_rules  # noqa: PLC0415 - most commands run no scanner

    builtin = "builtin" in policy.scanners.semgrep.rulesets
    named = [path for path in policy.scanners.semgrep.rulesets if path != "builtin"]
    if not named:
        return load_rules(builtin=builtin)
    extra: dict[str, bytes] = {}
    errors = []
    for path in named:
        found = _rule_files(repository, base, path) if repository and base else _local_rule_files(path)
        if not found:
            errors.append(
                ConfigError(
                    f"scanners.semgrep.rulesets: {path!r} names no rule file"
                    + (f" at the base commit {base[:12]}" if base else ""),
                    hint="Give a .yml or .yaml file of the repository, or a folder that holds some.",
                )
            )
        extra.update(found)
    if errors:
        raise ConfigErrors(tuple(errors))
    return load_rules(extra, builtin=builtin)


def _rule_files(repository: Repository, base: str, path: str) -> dict[str, bytes]:
    wanted = path.strip("/").removeprefix("./")
    paths = [
        p
        for p in repository.paths_at(base)
        if (p == wanted or p.startswith(f"{wanted}/")) and p.endswith((".yml", ".yaml"))
    ]
    found = {}
    for one in paths:
        data = repository.file_at(base, one, max_bytes=MAX_CONFIG_BYTES)
        if data is not None:
            found[one] = data
    return found


def _local_rule_files(path: str) -> dict[str, bytes]:
    place = Path(path)
    files = (
        sorted(p for p in place.rglob("*") if p.suffix in (".yml", ".yaml")) if place.is_dir() else [place]
    )
    return {str(p): p.read_bytes() for p in files if p.is_file() and p.stat().st_size <= MAX_CONFIG_BYTES}

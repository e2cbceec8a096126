"""All keys of the policy file: what they accept, what they mean, what they build."""

from __future__ import annotations

from typing import Any

from gate.config.kinds import Flag, NotYet, Number, Text, Word
from gate.config.records import Key, ListOf, MapOf, Record
from gate.config.values import (
    AREA_ID,
    DATE,
    EMAIL,
    GROUP,
    HOST,
    HUMAN_ID,
    LOGIN,
    PACKAGE,
    PATH_WORD,
    REMOTE,
    REPOSITORY_PATH,
    REVIEWER,
    RULESET,
    SSH_KEY,
    STORE,
    TEAM,
    TOOL_NAME,
    VARIABLE,
    Pattern,
)
from gate.core import policy
from gate.core.finding import Severity

VERSION = 1
PRESETS = ("observe", "balanced", "strict")
#: Ids of the shipped areas (`rulesets/areas/`); a policy adds to them or names areas of its own.
AREAS = ("auth", "authz", "crypto", "data", "gate", "supply", "opaque")
#: Names of built-in scanners, which an imported report cannot take.
SCANNERS = ("semgrep", "bandit")

_LEVELS = {level.word: level for level in sorted(Severity, reverse=True) if level is not Severity.INFO}


def _words(*words: str) -> Word:
    return Word({word: word for word in words})


def _tool(**values: Any) -> policy.ToolPolicy:
    tool = policy.ToolPolicy(**values)
    # What the policy itself turns off is not missing.
    return tool if tool.enabled else policy.ToolPolicy(**values | {"required": False})


def _scanner(**more: Key) -> Record:
    return Record(
        {
            "enabled": Key(Flag(), "Whether the scanner runs at all.", True),
            "required": Key(Flag(), "Whether a run that fails or is cut makes the verdict incomplete.", True),
            "timeout": Key(Number(1, 7200), "Seconds for one run on one side (base or head).", 300),
            **more,
        },
        _tool,
    )


_SARIF = Record(
    {
        "name": Key(TOOL_NAME, "Name of the tool in reports.", required=True),
        "path": Key(
            Text(expected="a path"),
            "Report for the head (SARIF, or of GitLab), from the working folder.",
            required=True,
        ),
        "base": Key(
            Text(expected="a path"), "Report for the merge base; without it nothing is known to be old."
        ),
        "required": Key(Flag(), "Whether a missing or broken file makes the verdict incomplete.", True),
        "format": Key(
            _words("sarif", "snyk-json", "zap-json"),
            "Format of the file; reports of GitLab count as sarif.",
            "sarif",
        ),
        "kind": Key(
            _words("source", "dependency", "target"),
            "What was looked at; a running service (target) is read by gate release alone.",
            "source",
        ),
        "max_age_hours": Key(Number(1, 8760), "Oldest accepted report, in hours."),
    },
    policy.SarifPolicy,
)

_SCANNERS = Record(
    {
        "semgrep": Key(
            _scanner(
                rulesets=Key(
                    ListOf(RULESET, "the list is empty, so semgrep would find nothing; add builtin"),
                    "Rules: `builtin` and files or folders of the repository, read at the base commit.",
                    ["builtin"],
                )
            ),
            "The Semgrep scanner.",
        ),
        "bandit": Key(_scanner(), "The Bandit scanner (Python)."),
        "sarif": Key(
            ListOf(_SARIF),
            "Reports of other scanners to import: SARIF 2.1.0, or security reports of GitLab.",
            [],
        ),
        "exclude": Key(
            ListOf(Pattern(everything=False)),
            "Paths that are not scanned; each changed one is named in the report.",
            [],
        ),
        "max_file_bytes": Key(
            Number(1, 100_000_000), "Larger files are not scanned and make the scan partial.", 5_000_000
        ),
        "coverage": Key(
            Word({word.value: word for word in policy.Coverage}),
            "Whose reading of a changed file is enough: any required scanner of its language, or every one.",
            "any",
        ),
    },
    policy.ScannersPolicy,
)

_FINDINGS = Record(
    {
        "fail_level": Key(Word(_LEVELS), "New findings of this severity or above block.", "high"),
        "scope": Key(
            Word({word.value: word for word in policy.Scope}),
            "Which findings can block: those new in the change, or all in the changed files.",
            "new",
        ),
        "suppressions": Key(
            Word({"honour": True, "ignore": False}),
            "What an inline suppression comment (nosec, nosemgrep) that the change adds is worth.",
            "honour",
            field="honour_suppressions",
        ),
        "moved": Key(
            Word({"existing": False, "new": True}),
            "What a finding is that was in another file before.",
            "existing",
            field="moved_is_new",
        ),
        "known_packages": Key(
            ListOf(PACKAGE),
            "Packages and modules that exist though no manifest names them, such as those of a platform.",
            [],
        ),
    },
    policy.FindingsPolicy,
)

_AREA = Record(
    {
        "title": Key(Text(prose=True), "Name for people."),
        "paths": Key(
            ListOf(Pattern(), "the list is empty; add a pattern or remove the key"), "Patterns of paths."
        ),
        "words": Key(
            ListOf(PATH_WORD, "the list is empty; add a word or remove the key"),
            "Words in names of files and folders and in changed code; `*` at the end stands for any ending.",
        ),
        "packages": Key(
            ListOf(PACKAGE, "the list is empty; add a package or remove the key"),
            "Packages whose change touches the area; `*` at the end stands for any ending.",
        ),
    },
    policy.AreaPolicy,
    any_of=(("paths", "words", "packages"),),
)

_AUTHORSHIP = Record(
    {
        "treat_undeclared_as": Key(
            Word({"human": False, "ai": True}),
            "What a commit without any declaration counts as when sign-offs are counted.",
            "human",
            field="treat_undeclared_as_ai",
        ),
        "noreply_hosts": Key(
            ListOf(HOST), "Hosts of private addresses (`ID+login@users.noreply.HOST`) besides github.com.", []
        ),
        "overlay": Key(REPOSITORY_PATH, "File with agent signatures of the team, read at the base commit."),
        "require": Key(
            ListOf(_words("notes_ai", "notes_agentblame", "mr_commits")),
            "Sources of evidence without which the verdict is incomplete.",
            [],
        ),
    },
    policy.AuthorshipPolicy,
)

_HUMAN = Record(
    {
        "id": Key(HUMAN_ID, "Name in reviewer lists and signed statements.", required=True),
        "github": Key(ListOf(LOGIN, "the list is empty", single=True), "GitHub login, or a list of them."),
        "gitlab": Key(
            ListOf(LOGIN, "the list is empty", single=True), "GitLab user name, or a list of them."
        ),
        "github_id": Key(
            Number(1, 10**15), "Numeric GitHub account id; if given, it decides over the login."
        ),
        "gitlab_id": Key(Number(1, 10**15), "Numeric GitLab user id; if given, it decides over the name."),
        "emails": Key(ListOf(EMAIL), "Addresses used in commits, compared without case.", []),
        "keys": Key(ListOf(SSH_KEY), "SSH public keys for signed statements.", []),
        "until": Key(DATE, "Last day on which this person can sign off (UTC)."),
    },
    policy.Human,
)


def _teams(github_teams: tuple[str, ...] = (), gitlab_groups: tuple[str, ...] = ()) -> tuple[str, ...]:
    return (*(f"github:{team}" for team in github_teams), *(f"gitlab:{group}" for group in gitlab_groups))


_HUMANS_FROM = Record(
    {
        "github_teams": Key(ListOf(TEAM), "GitHub teams, as `organisation/team`.", []),
        "gitlab_groups": Key(ListOf(GROUP), "GitLab groups, as `group` or `group/subgroup`.", []),
    },
    _teams,
)


def _break_glass(**values: Any) -> policy.BreakGlass | None:
    return policy.BreakGlass(**values) if values.get("people") else None


_BREAK_GLASS = Record(
    {
        "people": Key(ListOf(REVIEWER), "Ids of humans who can override.", []),
        "max_hours": Key(Number(1, 720), "Longest time for which an override holds.", 72),
    },
    _break_glass,
)

_SIGNOFF = Record(
    {
        "min": Key(Number(1, 20), "Sign-offs that a change in a sensitive area needs.", 1),
        "ai_min": Key(Number(1, 20), "Sign-offs that such a change needs if an AI wrote some of it.", 1),
        "humans": Key(ListOf(_HUMAN), "Every person who commits or reviews.", []),
        "reviewers": Key(
            MapOf(
                AREA_ID, ListOf(REVIEWER, "the list is empty; name at least one person or remove the area")
            ),
            "Who can sign off which area.",
            {},
        ),
        "carry_over": Key(
            Word({word.value: word for word in policy.CarryOver}),
            "Whether an approval of an older commit counts while the content of the change stays the same.",
            "digest",
        ),
        "not_humans": Key(ListOf(LOGIN), "Logins that `humans_from` must not add.", []),
        "humans_from": Key(_HUMANS_FROM, "Teams of the forge whose members are humans.", {}, field="teams"),
        "break_glass": Key(_BREAK_GLASS, "Who can override a missing sign-off.", {}),
    },
    policy.SignoffPolicy,
)

_AI = Record(
    {
        "enabled": Key(Flag(), "Whether a model reviews the change too.", False),
        "required": Key(Flag(), "Whether a pass that is not completed makes the verdict incomplete.", False),
        "engine": Key(
            Word(
                {word: word for word in ("claude", "security-review", "messages-api", "command", "replay")},
            ),
            "What asks the model.",
            "claude",
        ),
        "model": Key(Text(), "Name of the model."),
        "runs": Key(Number(1, 5, only=(1, 3, 5)), "How often each part is asked.", 1),
        "runs_sensitive": Key(Number(1, 5, only=(1, 3, 5)), "The same for files of sensitive areas."),
        "max_usd": Key(Number(0, 1000, fraction=True), "Most that one pass may cost.", 2),
        "findings": Key(
            Word({word.value: word for word in policy.AiEffect}), "Effect of a verified finding.", "note"
        ),
        "if_missing": Key(
            Word({word: policy.AiEffect(word) for word in ("note", "signoff")}),
            "Effect of a pass that is not completed.",
            "note",
        ),
        "timeout": Key(Number(1, 7200), "Seconds for the pass.", 600),
        "jobs": Key(Number(1, 32), "Calls at a time.", 2),
        "batch_bytes": Key(Number(1_000, 10_000_000), "Bytes of the diff in one call.", 150_000),
        "max_diff_bytes": Key(
            Number(1_000, 100_000_000), "Bytes of the diff that are sent at all.", 1_500_000
        ),
        "exclude": Key(ListOf(Pattern()), "Paths that are never sent.", []),
        "instructions": Key(REPOSITORY_PATH, "File with hints for the model, read at the base commit."),
        "env": Key(ListOf(VARIABLE), "Further environment variables for the engine.", []),
        "command": Key(ListOf(Text(), "the list is empty"), "Program and arguments of engine `command`."),
    },
    policy.AiPolicy,
)

_EVIDENCE = Record(
    {
        "store": Key(
            STORE,
            "Where every verdict of the publishing job leaves a record: git, git:REF, files:FOLDER, sqlite:FILE or "
            "postgresql://HOST/NAME; not given: nowhere.",
        ),
        "push": Key(REMOTE, "Remote with which a store in git is shared, such as origin."),
        "signers": Key(
            ListOf(
                Record(
                    {
                        "id": Key(HUMAN_ID, "Name of the machine in reports.", required=True),
                        "keys": Key(
                            ListOf(SSH_KEY, "the list is empty; add a key or remove the entry"),
                            "SSH public keys that sign records.",
                            required=True,
                        ),
                        "until": Key(DATE, "Last day on which these keys are valid (UTC)."),
                    },
                    policy.EvidenceSigner,
                )
            ),
            "Machines whose signature makes a record a proof; without any, records only inform.",
            [],
        ),
    },
    policy.EvidencePolicy,
)

POLICY = Record(
    {
        "version": Key(
            Number(VERSION, VERSION),
            "Version of this file format.",
            required=True,
            field="-",
            example="version: 1",
        ),
        "extends": Key(
            _words(*PRESETS),
            "Shipped preset whose values hold for all keys that are not given.",
            "balanced",
            field="preset",
        ),
        "mode": Key(
            Word({word.value: word for word in policy.Mode}),
            "Whether blocked and waiting changes fail the job; `observe` reports only.",
            "enforce",
        ),
        "scanners": Key(_SCANNERS, "What is scanned, and by what."),
        "findings": Key(_FINDINGS, "Which findings block."),
        "areas": Key(MapOf(AREA_ID, _AREA), "Additions to the shipped areas, and areas of the team.", {}),
        "wide_areas": Key(
            Flag(),
            "Whether the noisier words (user, account, admin, key ...) and test files count too.",
            False,
        ),
        "authorship": Key(_AUTHORSHIP, "What is made of who wrote a commit."),
        "signoff": Key(_SIGNOFF, "Who has to agree to what."),
        "ai": Key(_AI, "The optional review by a model."),
        "evidence": Key(_EVIDENCE, "Records that verdicts leave behind."),
        "audit": Key(NotYet({}), "Audit of the configuration of coding agents.", {}, field="-"),
        "signals": Key(NotYet({}), "Risk signals from the audit data of agents.", {}, field="-"),
        "waivers": Key(
            REPOSITORY_PATH, "File with accepted findings, read at the base commit.", ".gate/waivers.yml"
        ),
    },
    policy.Policy,
)


def key_index() -> dict[str, str]:
    """Return leaf names of nested keys with their full path, for `did you mean`; ambiguous names are left out."""
    index: dict[str, list[str]] = {}

    def walk(record: Record, path: str) -> None:
        for name, key in record.keys.items():
            full = f"{path}.{name}" if path else name
            index.setdefault(name, []).append(full)
            if isinstance(key.kind, Record):
                walk(key.kind, full)

    walk(POLICY, "")
    return {name: paths[0] for name, paths in index.items() if len(paths) == 1}

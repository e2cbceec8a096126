"""A policy becomes the core's values; everything that is wrong with it is said at once."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import textwrap

import pytest

from gate.config import load_policy
from gate.core.finding import Severity
from gate.core.policy import (
    AreaPolicy,
    AuthorshipPolicy,
    CarryOver,
    Coverage,
    FindingsPolicy,
    Human,
    Mode,
    Policy,
    SarifPolicy,
    ScannersPolicy,
    Scope,
    SignoffPolicy,
    ToolPolicy,
)
from gate.errors import ConfigErrors
from tests.config.reading import KEY, error, errors, warnings


def load(text: str) -> Policy:
    return load_policy(textwrap.dedent(text).encode())


def test_without_a_file_the_preset_balanced_holds_which_is_what_the_core_assumes():
    policy = load_policy(None)
    assert policy == dataclasses.replace(Policy(), digest=policy.digest)
    assert policy.is_default
    assert policy.source == "preset balanced"


def test_a_file_without_decisions_is_the_preset_but_decided():
    policy = load_policy(b"version: 1\n", name=".gate.yml at 1a2b3c4")
    assert not policy.is_default
    assert policy.source == ".gate.yml at 1a2b3c4"
    same = {"is_default": True, "source": "preset balanced", "digest": ""}
    assert dataclasses.replace(policy, **same) == Policy()


def test_the_source_can_be_called_otherwise_than_the_file_in_messages():
    assert load_policy(b"version: 1", name=".gate.yml", source="--config /etc/gate.yml").source.startswith(
        "--config"
    )
    with pytest.raises(ConfigErrors, match=r"^\.gate\.yml at 1a2b3c4:1:1: unknown key 'x'"):
        load_policy(b"x: 1\nversion: 1\n", name=".gate.yml at 1a2b3c4")


def test_observe_differs_from_balanced_in_its_mode_only():
    observe = load("{version: 1, extends: observe}")
    balanced = load("{version: 1}")
    assert observe.mode is Mode.OBSERVE
    assert balanced == dataclasses.replace(
        observe, mode=Mode.ENFORCE, preset="balanced", digest=balanced.digest, source=balanced.source
    )


def test_strict_raises_every_bar():
    strict = load("{version: 1, extends: strict}")
    assert strict.preset == "strict"
    assert strict.mode is Mode.ENFORCE
    assert strict.scanners.coverage is Coverage.EVERY
    assert strict.findings == FindingsPolicy(honour_suppressions=False, moved_is_new=True)
    assert strict.wide_areas
    assert (strict.signoff.min, strict.signoff.ai_min) == (1, 2)
    assert strict.signoff.carry_over is CarryOver.NEVER


def test_every_key_arrives_where_it_is_meant():
    policy = load(
        f"""
        version: 1
        extends: observe
        mode: enforce
        scanners:
          semgrep: {{required: false, timeout: 60, rulesets: [builtin, ./.gate/rules/]}}
          bandit: {{enabled: false}}
          sarif:
            - {{name: trivy, path: trivy.sarif, base: b.sarif, required: false, format: sarif, kind: source}}
            - {{name: codeql, path: c.sarif}}
          exclude: [vendor/]
          max_file_bytes: 100
          coverage: every
        findings: {{fail_level: low, scope: all, suppressions: ignore, moved: new}}
        areas:
          auth: {{paths: [src/iam/**]}}
          billing: {{title: "All about\\n money", words: [invoice, "refund*"]}}
        wide_areas: true
        authorship: {{treat_undeclared_as: ai, noreply_hosts: [git.example.com]}}
        signoff:
          min: 2
          ai_min: 3
          humans:
            - id: alice
              github: alice
              gitlab: [alice, alice.w]
              github_id: 12
              gitlab_id: 13
              emails: [Alice@Example.com]
              keys: [{KEY} alice@laptop]
              until: 2027-06-30
            - {{id: bob, github: bob}}
            - {{id: carol, github: carol}}
          reviewers: {{auth: [alice, bob], billing: [bob]}}
          carry_over: never
        waivers: ./security/waivers.yml
        """
    )
    auth = policy.areas["auth"].paths[0]
    exclude = policy.scanners.exclude[0]
    assert policy == Policy(
        preset="observe",
        mode=Mode.ENFORCE,
        scanners=ScannersPolicy(
            semgrep=ToolPolicy(required=False, timeout=60, rulesets=("builtin", ".gate/rules")),
            bandit=ToolPolicy(enabled=False, required=False),
            sarif=(
                SarifPolicy(name="trivy", path="trivy.sarif", base="b.sarif", required=False),
                SarifPolicy(name="codeql", path="c.sarif"),
            ),
            exclude=(exclude,),
            max_file_bytes=100,
            coverage=Coverage.EVERY,
        ),
        findings=FindingsPolicy(
            fail_level=Severity.LOW, scope=Scope.ALL, honour_suppressions=False, moved_is_new=True
        ),
        areas={
            "auth": AreaPolicy(paths=(auth,)),
            "billing": AreaPolicy(title="All about money", words=("invoice", "refund*")),
        },
        wide_areas=True,
        authorship=AuthorshipPolicy(treat_undeclared_as_ai=True, noreply_hosts=("git.example.com",)),
        signoff=SignoffPolicy(
            min=2,
            ai_min=3,
            humans=(
                Human(
                    id="alice",
                    github=("alice",),
                    gitlab=("alice", "alice.w"),
                    github_id=12,
                    gitlab_id=13,
                    emails=("Alice@Example.com",),
                    keys=(f"{KEY} alice@laptop",),
                    until="2027-06-30",
                ),
                Human(id="bob", github=("bob",)),
                Human(id="carol", github=("carol",)),
            ),
            reviewers={"auth": ("alice", "bob"), "billing": ("bob",)},
            carry_over=CarryOver.NEVER,
        ),
        waivers="security/waivers.yml",
        source=".gate.yml",
        digest=policy.digest,
        is_default=False,
    )
    assert auth.text == "src/iam/**"
    assert exclude.text == "vendor/"


def test_a_key_of_a_preset_is_kept_beside_the_ones_given():
    policy = load("{version: 1, extends: strict, signoff: {min: 2}, scanners: {bandit: {timeout: 9}}}")
    assert (policy.signoff.min, policy.signoff.ai_min) == (2, 2)
    assert policy.scanners.bandit == ToolPolicy(timeout=9)
    assert policy.scanners.coverage is Coverage.EVERY


def test_the_digest_is_of_what_was_read():
    assert load_policy(b"version: 1\n").digest == load_policy(b"version: 1\n").digest
    digests = [load_policy(text).digest for text in (None, b"version: 1", b"version: 1\n", b"{version: 1}")]
    assert len(set(digests)) == 4
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mode: observe", "1:1: the key 'version' is missing; write 'version: 1'"),
        (
            "version: 2\nkeys: of-the-future",
            "1:10: version 2 is not supported; this version of the gate reads version 1",
        ),
        ("version: 0", "1:10: version 0 is not supported; this version of the gate reads version 1"),
        ("version: '1'", "1:10: version: expected a whole number, found the text '1'"),
        ("version: 1.0", "1:10: version: expected a whole number, found the number 1.0"),
        ("version:", "1:9: version: expected a whole number, found nothing"),
        ("version: true", "1:10: version: expected a whole number, found the flag true"),
        ("version: 1\nscaners: {}", "2:1: unknown key 'scaners'; did you mean 'scanners'?"),
        ("version: 1\nMode: observe", "2:1: unknown key 'Mode'; did you mean 'mode'?"),
        (
            "version: 1\nfail_level: high",
            "2:1: unknown key 'fail_level'; did you mean 'findings.fail_level'?",
        ),
        (
            "version: 1\nfindings: {zzz: 1}",
            "2:12: unknown key 'zzz' in findings; known here: fail_level, scope, suppressions, moved, known_packages",
        ),
        (
            "version: 1\nscanners:\n  bandit: {timeot: 3}",
            "3:12: unknown key 'timeot' in scanners.bandit; did you mean 'timeout'?",
        ),
        (
            "version: 1\nextends: balance",
            "2:10: extends: 'balance' is not one of observe, balanced, strict; did you mean 'balanced'?",
        ),
        ("version: 1\nmode: off", "2:7: mode: 'off' is not one of enforce, observe"),
        ("version: 1\nmode: true", "2:7: mode: expected one of enforce, observe, found the flag true"),
        ("version: 1\nmode:", "2:6: mode: expected one of enforce, observe, found nothing"),
        ("version: 1\nscanners: []", "2:11: scanners: expected a mapping, found a list"),
        ("version: 1\nscanners:", "2:10: scanners: expected a mapping, found nothing"),
        (
            "version: 1\nscanners: {semgrep: {required: yes}}",
            "2:32: scanners.semgrep.required: expected true or false, found the text 'yes'; write true",
        ),
        (
            "version: 1\nscanners: {bandit: {enabled: 'off'}}",
            "2:30: scanners.bandit.enabled: expected true or false, found the text 'off'; write false",
        ),
        (
            "version: 1\nscanners: {bandit: {enabled: 0}}",
            "2:30: scanners.bandit.enabled: expected true or false, found the number 0",
        ),
        (
            "version: 1\nscanners: {semgrep: {timeout: 0}}",
            "2:31: scanners.semgrep.timeout: 0 is too small; the smallest is 1",
        ),
        (
            "version: 1\nscanners: {semgrep: {timeout: 86400}}",
            "2:31: scanners.semgrep.timeout: 86400 is too large; the largest is 7200",
        ),
        (
            "version: 1\nscanners: {semgrep: {rulesets: []}}",
            "2:32: scanners.semgrep.rulesets: the list is empty, so semgrep would find nothing; add builtin",
        ),
        (
            "version: 1\nscanners: {semgrep: {rulesets: [p/python]}}",
            (
                "2:33: scanners.semgrep.rulesets[0]: 'p/python' would be downloaded; "
                "put the rules into the repository and give their path"
            ),
        ),
        (
            "version: 1\nscanners: {semgrep: {rulesets: [../rules]}}",
            (
                "2:33: scanners.semgrep.rulesets[0]: '../rules' is not a path inside the repository; "
                "write it from its root with '/'"
            ),
        ),
        (
            "version: 1\nscanners: {semgrep: {enabled: false, required: true}}",
            "2:48: scanners.semgrep.required: the scanner is not enabled; remove one of the two",
        ),
        (
            "version: 1\nscanners: {semgrep: {enabled: false}, bandit: {enabled: false}}",
            "2:11: scanners: every scanner is off, so nothing would be scanned; leave one on",
        ),
        ("version: 1\nscanners: {sarif: [{name: t}]}", "2:20: scanners.sarif[0]: the key 'path' is missing"),
        (
            "version: 1\nscanners: {sarif: [{name: Bandit, path: x}]}",
            "2:27: scanners.sarif[0].name: 'Bandit' is a built-in scanner; choose another name",
        ),
        (
            "version: 1\nscanners: {sarif: [{name: AI, path: x}]}",
            "2:27: scanners.sarif[0].name: 'AI' is how the gate calls its own findings; choose another name",
        ),
        (
            "version: 1\nscanners: {sarif: [{name: t, path: x}, {name: T, path: y}]}",
            "2:47: scanners.sarif[1].name: another report is called 'T' already",
        ),
        (
            "version: 1\nscanners: {sarif: [{name: t, path: x, kind: code}]}",
            "2:45: scanners.sarif[0].kind: 'code' is not one of source, dependency, target",
        ),
        (
            "version: 1\nscanners: {sarif: [{name: t, path: x, format: srif}]}",
            "2:47: scanners.sarif[0].format: 'srif' is not one of sarif, snyk-json, zap-json; did you mean 'sarif'?",
        ),
        (
            "version: 1\nscanners: {sarif: [{name: t, path: x, max_age_hours: 0}]}",
            "2:54: scanners.sarif[0].max_age_hours: 0 is too small; the smallest is 1",
        ),
        (
            "version: 1\nscanners: {exclude: ['**']}",
            "2:22: scanners.exclude[0]: the pattern '**' matches every file, so nothing would be looked at",
        ),
        (
            "version: 1\nscanners: {exclude: ['!src']}",
            "2:22: scanners.exclude[0]: the pattern '!src' is negated; patterns here only add ('\\!' is a plain '!')",
        ),
        ("version: 1\nscanners: {exclude: a}", "2:21: scanners.exclude: expected a list, found the text 'a'"),
        ("version: 1\nscanners: {exclude: [a, b, a]}", "2:28: scanners.exclude: 'a' is listed twice"),
        (
            "version: 1\nscanners: {exclude: [1]}",
            "2:22: scanners.exclude[0]: expected a pattern, found the number 1",
        ),
        (
            "version: 1\nfindings: {fail_level: info}",
            "2:24: findings.fail_level: 'info' is not one of critical, high, medium, low",
        ),
        (
            "version: 1\nareas: {Auth: {paths: [a]}}",
            "2:9: areas: 'Auth' is not the id of an area (lower-case letters, digits, '-')",
        ),
        ("version: 1\nareas: {auth: {}}", "2:15: areas.auth: give at least one of paths, words, packages"),
        (
            "version: 1\nareas: {auth: {paths: []}}",
            "2:23: areas.auth.paths: the list is empty; add a pattern or remove the key",
        ),
        ("version: 1\nareas: {auth: {paths: ['']}}", "2:24: areas.auth.paths[0]: the pattern is empty"),
        (
            "version: 1\nareas: {auth: {words: ['*']}}",
            "2:24: areas.auth.words[0]: '*' would be found nearly everywhere; write at least two letters",
        ),
        (
            "version: 1\nareas: {auth: {words: ['a*b']}}",
            "2:24: areas.auth.words[0]: 'a*b': '*' can only stand at the end",
        ),
        (
            "version: 1\nareas: {auth: {words: [key-for-the-door]}}",
            "2:24: areas.auth.words[0]: 'key-for-the-door' has more than three parts; write a pattern under paths instead",
        ),
        (
            "version: 1\nauthorship: {overlay: ../agents.yml}",
            "2:23: authorship.overlay: '../agents.yml' is not a path inside the repository; write it from its root with '/'",
        ),
        (
            "version: 1\nauthorship: {require: [notes_ia]}",
            "2:24: authorship.require[0]: 'notes_ia' is not one of notes_ai, notes_agentblame, mr_commits; did you mean 'notes_ai'?",
        ),
        (
            "version: 1\nai: {enabled: true}",
            "2:5: ai.model: the engine claude needs a model; pin one, or results change with versions",
        ),
        (
            "version: 1\nai: {enabled: true, engine: security-review}",
            "2:5: ai.model: the engine security-review needs a model; pin one, or results change with versions",
        ),
        (
            "version: 1\nai: {required: true}",
            "2:16: ai.required: the review is not enabled; add ai.enabled: true, or remove one",
        ),
        (
            "version: 1\nai: {required: yes}",
            "2:16: ai.required: expected true or false, found the text 'yes'; write true",
        ),
        ("version: 1\nai: {runs: 2}", "2:12: ai.runs: 2 is not one of 1, 3, 5"),
        ("version: 1\nai: {max_usd: lots}", "2:15: ai.max_usd: expected a number, found the text 'lots'"),
        (
            "version: 1\naudit: {fail_level: high}",
            "2:8: audit: not available in this version; only {} is accepted",
        ),
        (
            "version: 1\nsignals: {required: true}",
            "2:10: signals: not available in this version; only {} is accepted",
        ),
        ("version: 1\nsignals:", "2:9: signals: not available in this version; only {} is accepted"),
        (
            "version: 1\nsignoff: {break_glass: {people: [alice]}}",
            "2:34: signoff.break_glass.people: 'alice' is not in signoff.humans; add the person there",
        ),
        (
            "version: 1\nsignoff: {break_glass: {max_hours: 24}}",
            "2:24: signoff.break_glass: people is missing, so nobody could override",
        ),
        (
            "version: 1\nsignoff: {break_glass: {people: [], max_hours: 9000}}",
            "2:48: signoff.break_glass.max_hours: 9000 is too large; the largest is 720",
        ),
        (
            "version: 1\nsignoff: {humans_from: {github_teams: [acme]}}",
            "2:40: signoff.humans_from.github_teams[0]: 'acme' is not a team, written as organisation/team",
        ),
        (
            "version: 1\nsignoff: {humans_from: {gitlab_groups: ['@acme']}}",
            "2:41: signoff.humans_from.gitlab_groups[0]: '@acme' starts with '@'; write 'acme'",
        ),
        (
            "version: 1\nwaivers: /etc/waivers.yml",
            "2:10: waivers: '/etc/waivers.yml' is not a path inside the repository; write it from its root with '/'",
        ),
        ("version: 1\nwaivers: ''", "2:10: waivers: the text is empty"),
        ('version: 1\nwaivers: "a\\nb"', "2:10: waivers: 'a\\nb' must be one line without tabs"),
    ],
)
def test_every_mistake_is_named_with_its_place_and_remedy(text, message):
    assert error(text) == message


def test_all_mistakes_of_a_file_are_told_at_once_in_file_order():
    assert errors(
        """\
        version: 1
        mode: observ
        mode: enforce
        scanners:
          semgrep: {timeout: soon}
        signoff:
          reviewers: {auth: []}
          min: 0
        """
    ) == [
        "2:7: mode: 'observ' is not one of enforce, observe; did you mean 'observe'?",
        "3:1: the key 'mode' stands here a second time; the first is in line 2",
        "5:22: scanners.semgrep.timeout: expected a whole number, found the text 'soon'",
        "7:21: signoff.reviewers.auth: the list is empty; name at least one person or remove the area",
        "8:8: signoff.min: 0 is too small; the smallest is 1",
    ]


def test_values_that_ask_for_nothing_are_accepted_for_parts_that_do_not_exist_yet():
    policy = load(
        """
        version: 1
        ai: {enabled: false, required: false, engine: command, command: [review], exclude: [docs/], max_usd: 0.5}
        audit: {}
        signals: {}
        authorship: {require: []}
        signoff: {break_glass: {}, humans_from: {}}
        """
    )
    assert policy.warnings == ()


def test_an_imported_report_alone_is_a_scan():
    policy = load(
        "{version: 1, scanners: {semgrep: {enabled: false}, bandit: {enabled: false}, sarif: [{name: t, path: t.sarif}]}}"
    )
    assert not policy.scanners.semgrep.required
    assert policy.scanners.sarif[0].required


def test_an_area_that_looks_like_a_shipped_one_is_remarked_on():
    assert warnings("version: 1\nareas: {atuh: {paths: [a]}, billing: {paths: [b]}}") == [
        "2:9: areas: 'atuh' is an area of its own; did you mean 'auth'?"
    ]


def test_importing_the_package_imports_no_foreign_library():
    code = "import gate.config, sys; print([m for m in ('yaml', 'msgspec', 'pathspec') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

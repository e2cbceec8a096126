"""Shared helpers of the rule tests: where the rules are, their fixtures, one run of the scanner."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RULESETS = Path(__file__).resolve().parents[2] / "rulesets"
SEMGREP_RULES = RULESETS / "semgrep"
FAMILIES = RULESETS / "families.yml"

Place = tuple[str, str, int]
"""Rule id, fixture path relative to the rule folder, line."""

_ANNOTATION = re.compile(
    r"^\s*(?:#|//|/\*|<!--|\{#|\{/\*)\s*(?P<kind>ruleid|ok|todoruleid|todook):\s*(?P<ids>[a-z0-9\-, ]+)"
)
_COMMENT_ONLY = re.compile(r"^\s*(?:#|//|/\*|<!--|\{#|\{/\*)")
_PATH_HEADER = re.compile(r"^(?:#|//|<!--|\{#)\s*path:\s*(?P<path>\S+)")
_PLACEHOLDER = re.compile(r"@(?P<alphabet>alnum|upper|hex):(?P<length>\d+)@")
_ALPHABETS = {
    "alnum": "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789",
    "upper": "ABCDEFGHIJKLMNPQRSTUVWXYZ234567",
    "hex": "0123456789abcdef",
}


def rule_files() -> list[Path]:
    """Every rule file: ``*.yaml`` that is not a ``*.test.yaml`` fixture."""
    return sorted(p for p in SEMGREP_RULES.rglob("*.yaml") if not p.name.endswith(".test.yaml"))


def fixture_files() -> list[Path]:
    """Every other file in the rule folder."""
    rules = set(rule_files())
    return sorted(p for p in SEMGREP_RULES.rglob("*") if p.is_file() and p not in rules)


def load_rules() -> list[tuple[Path, dict[str, Any]]]:
    """All rules with the file each one stands in."""
    found: list[tuple[Path, dict[str, Any]]] = []
    for path in rule_files():
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.extend((path, rule) for rule in content["rules"])
    return found


def _stand_in(match: re.Match[str]) -> str:
    """Random-looking text for a secret, so that no fixture holds a literal token."""
    alphabet = _ALPHABETS[match["alphabet"]]
    stream = hashlib.sha512(match[0].encode()).digest() * 4
    return "".join(alphabet[byte % len(alphabet)] for byte in stream[: int(match["length"])])


@dataclass(frozen=True)
class Fixture:
    """A fixture, its place in the scanned tree, and what its comments ask for."""

    name: str
    target: str
    text: str
    annotations: tuple[tuple[str, str, int], ...]
    """Kind, rule id, line the annotation speaks about."""

    def places(self, *kinds: str) -> set[Place]:
        """Rule, file and line of the annotations of some kinds."""
        return {(rule, self.name, line) for kind, rule, line in self.annotations if kind in kinds}


def read_fixture(path: Path) -> Fixture:
    """Read a fixture: an annotation speaks about the next line that is more than a comment."""
    name = path.relative_to(SEMGREP_RULES).as_posix()
    text = _PLACEHOLDER.sub(_stand_in, path.read_text(encoding="utf-8"))
    header = _PATH_HEADER.match(text)
    annotations: list[tuple[str, str, int]] = []
    waiting: list[tuple[str, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _ANNOTATION.search(line)
        if found:
            ids = [word.strip(" -") for word in found["ids"].split(",")]
            waiting.extend((found["kind"], rule) for rule in ids if rule)
        elif waiting and line.strip() and not _COMMENT_ONLY.match(line):
            annotations.extend((kind, rule, number) for kind, rule in waiting)
            waiting = []
    return Fixture(name, header["path"] if header else name, text, tuple(annotations))


def load_fixtures() -> list[Fixture]:
    """All fixtures; two of them must not ask for the same place in the tree."""
    fixtures = [read_fixture(path) for path in fixture_files()]
    targets = [fixture.target for fixture in fixtures]
    twice = {target for target in targets if targets.count(target) > 1}
    assert not twice, f"fixtures share a path: {sorted(twice)}"
    return fixtures


@dataclass(frozen=True)
class Run:
    """What one engine said about the fixtures."""

    engine: str
    exit_code: int
    places: frozenset[Place]
    errors: tuple[str, ...]
    unscanned: tuple[str, ...]


def run_semgrep(engine: str, fixtures: list[Fixture], folder: Path) -> Run:
    """Scan all fixtures once, in a clean tree and a clean environment."""
    rules, tree, home = folder / "rules", folder / "tree", folder / "home"
    for source in rule_files():
        copy = rules / source.relative_to(SEMGREP_RULES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    for fixture in fixtures:
        target = tree / fixture.target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(fixture.text, encoding="utf-8")
    (tree / ".semgrepignore").touch()
    home.mkdir()
    executable = Path(sys.executable).parent / "semgrep"
    command = [
        *(str(executable), "scan", *(["--experimental"] if engine == "experimental" else [])),
        *("--oss-only", "--json", "--verbose", "--metrics=off", "--disable-version-check"),
        *("--no-rewrite-rule-ids", "--disable-nosem", "--no-git-ignore"),
        *("--max-target-bytes", "0", "--timeout", "30", "--jobs", "2"),
        *("--config", str(rules), str(tree)),
    ]
    environment = {
        "PATH": f"{executable.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, check=False, timeout=300)
    assert done.stdout, done.stderr.decode("utf-8", "replace")[-2000:]
    report = json.loads(done.stdout.decode("utf-8", "replace"))
    names = {str(tree / fixture.target): fixture.name for fixture in fixtures}
    places = {(r["check_id"], names[r["path"]], r["start"]["line"]) for r in report["results"]}
    errors = tuple(f"{e['type']}: {e['message'][:400]}" for e in report["errors"])
    missing = set(names) - set(report["paths"]["scanned"])
    return Run(engine, done.returncode, frozenset(places), errors, tuple(sorted(missing)))

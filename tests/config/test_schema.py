"""The JSON Schema in the package is the one that the keys make, and says what the loader says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap

import jsonschema
import pytest

from gate import rulesets
from gate.config import load_policy, yaml
from gate.config.keys import POLICY
from gate.config.kinds import UNSET
from gate.config.problems import Problems
from gate.config.records import Key, ListOf, MapOf, Record
from gate.config.schema import SHIPPED, policy_schema
from gate.config.waivers import load_waivers
from gate.core.policy import Human
from gate.errors import ConfigError
from tests.config import test_people, test_policy

DOCS = rulesets.directory().parent / "docs" / "policy.md"
VALIDATOR = jsonschema.Draft202012Validator(policy_schema())


def document(text: str | bytes) -> object:
    """A policy as an editor sees it."""

    def plain(node: yaml.Node) -> object:
        if isinstance(node, yaml.Mapping):
            return {key.text: plain(value) for key, value in node.entries}
        if isinstance(node, yaml.Sequence):
            return [plain(item) for item in node.items]
        return node.value

    return plain(yaml.parse(text.encode() if isinstance(text, str) else text, Problems("p")))


def keys() -> dict[str, Key]:
    """Every key by its path as the documentation writes it."""
    index: dict[str, Key] = {}

    def walk(record: Record, path: str) -> None:
        for name, key in record.keys.items():
            index[path + name] = key
            inner = key.kind
            if isinstance(inner, Record):
                walk(inner, f"{path}{name}.")
            elif isinstance(inner, MapOf) and isinstance(inner.value, Record):
                walk(inner.value, f"{path}{name}.<id>.")
            elif isinstance(inner, ListOf) and isinstance(inner.item, Record):
                walk(inner.item, f"{path}{name}[].")

    walk(POLICY, "")
    return index


def blocks(tag: str) -> list[str]:
    return re.findall(rf"^```{tag}\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_shipped_schema_is_up_to_date():
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == policy_schema(), "run: make schema"


def test_writing_the_schema_changes_nothing(tmp_path):
    copy = tmp_path / "copy.json"
    subprocess.run([sys.executable, "-m", "gate.config.schema", str(copy)], check=True)
    assert copy.read_bytes() == SHIPPED.read_bytes()


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(policy_schema())


def test_every_key_says_what_it_means():
    for path, key in keys().items():
        assert re.fullmatch(r"[A-Z].*\.", key.about), path


@pytest.mark.parametrize("name", ["observe", "balanced", "strict"])
def test_presets_are_policies(name):
    data = (rulesets.directory() / "policies" / f"{name}.yml").read_bytes()
    VALIDATOR.validate(document(data))
    assert load_policy(data).mode.value == document(data)["mode"]


def test_defaults_are_those_of_balanced_and_of_the_core():
    """Every default of the schema, written out in a policy, changes nothing."""

    def defaults(record: Record) -> dict[str, object]:
        values = {}
        for name, key in record.keys.items():
            if isinstance(key.kind, Record):
                values[name] = defaults(key.kind)
            elif key.default is not UNSET:
                values[name] = key.default
        return values

    written = {"version": 1} | defaults(POLICY)
    VALIDATOR.validate(written)
    spelled, bare = load_policy(json.dumps(written).encode()), load_policy(b"version: 1")
    assert {**fields(spelled), "digest": ""} == {**fields(bare), "digest": ""}
    preset = document((rulesets.directory() / "policies" / "balanced.yml").read_bytes())
    assert isinstance(preset, dict)
    assert below(preset, written)


def fields(policy: object) -> dict[str, object]:
    return {name: getattr(policy, name) for name in policy.__slots__}


def below(part: object, whole: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and below(value, whole[name]) for name, value in part.items())
    return part == whole


#: Messages about what no schema can say, or says of the file and not of a key.
BEYOND = (
    "is not a date", "a second time", "is negated", "matches every file", "would be downloaded", "inside the repository",
    "not enabled", "needs a model", "every scanner is off", "built-in scanner", "its own findings", "another report", "everywhere", "at the end", "three parts",
    "already", "is not in", "there is no area", "is a bot", "meaning of its own", "SSH public key", "private key",
    "one line", "the number 1.0", "nobody could override",
)  # fmt: skip


def mistakes() -> list[str]:
    policies = test_policy.test_every_mistake_is_named_with_its_place_and_remedy.pytestmark[0].args[1]
    people = test_people.test_a_person_is_written_in_one_way.pytestmark[0].args[1]
    wrong = [(text, message) for text, message in policies]
    wrong += [(test_people.humans(entry), message) for entry, message in people]
    return [text for text, message in wrong if not any(words in message for words in BEYOND)]


@pytest.mark.parametrize("text", mistakes())
def test_the_schema_refuses_what_the_loader_refuses(text):
    with pytest.raises(ConfigError):
        load_policy(text.encode())
    assert not VALIDATOR.is_valid(document(text))


@pytest.mark.parametrize("text", blocks("yaml"))
def test_policies_in_the_documentation_are_accepted(text):
    assert load_policy(text.encode()).warnings == ()
    VALIDATOR.validate(document(text))


@pytest.mark.parametrize("text", blocks("yaml waivers"))
def test_waivers_in_the_documentation_are_accepted(text):
    assert len(load_waivers(text.encode(), humans=(Human(id="alice"), Human(id="bob")))) == 2


def rows(heading_cell: str) -> list[list[str]]:
    """The rows of all tables of the documentation whose header starts with a cell."""
    rows = []
    for table in DOCS.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in table.splitlines() if line.startswith("|")]
        if lines and lines[0].startswith(f"| {heading_cell}"):
            rows += [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
    return rows


def test_every_key_is_documented_with_its_default_and_no_other():
    tables = [*rows("key | values"), *rows("key of a")]
    documented = {row[0].strip("`"): row[2].strip("`") for row in tables}
    expected = {path: key for path, key in keys().items() if not isinstance(key.kind, Record)}
    assert set(documented) == set(expected)
    for path, key in expected.items():
        if key.required:
            assert documented[path] == "required", path
        elif key.default is not UNSET:
            written = (
                key.default if isinstance(key.default, str) else json.dumps(key.default).replace('"', "")
            )
            assert documented[path] == written, path


def test_the_presets_are_compared_truthfully():
    """The table names exactly the keys in which presets differ, with their values."""

    def flat(value: object, path: str = "") -> dict[str, object]:
        if isinstance(value, dict) and value:
            return {
                k: v
                for name, inner in value.items()
                for k, v in flat(inner, f"{path}.{name}".strip(".")).items()
            }
        return {path: value}

    folder = rulesets.directory() / "policies"
    presets = [
        flat(document((folder / f"{name}.yml").read_bytes())) for name in ("observe", "balanced", "strict")
    ]
    assert presets[0].keys() == presets[1].keys() == presets[2].keys()
    differing = {
        path: [str(preset[path]).lower() for preset in presets]
        for path in presets[0]
        if len({str(preset[path]) for preset in presets}) > 1
    }
    table = {row[0].strip("`"): [cell.strip("`") for cell in row[1:]] for row in rows("key | `observe`")}
    assert table == differing


@pytest.mark.parametrize("row", rows("message | what to do"), ids=lambda row: row[0][:40])
def test_documented_errors_are_those_that_the_gate_writes(row):
    """Each documented message is one of the messages that the tests assert as a whole."""
    message = row[0].strip("`")
    known = "\n".join(
        (DOCS.parent.parent / "tests" / "config" / f"test_{name}.py").read_text(encoding="utf-8")
        for name in ("yaml", "policy", "people")
    )
    joined = re.sub(r'"\s*\n\s*"', "", known)
    assert message in joined or message in MORE, textwrap.shorten(message, 80)


#: Documented messages whose twin in the tests differs in a name or a place only.
MORE = {
    "mode: 'enforced' is not one of enforce, observe; did you mean 'enforce'?": "version: 1\nmode: enforced",
    "scanners.bandit.enabled: expected true or false, found the text 'no'; write false": (
        "version: 1\nscanners: {bandit: {enabled: no}}"
    ),
    "audit: not available in this version; only {} is accepted": "version: 1\naudit: {scope: new}",
}


@pytest.mark.parametrize("message", MORE)
def test_further_documented_errors_are_written(message):
    assert test_policy.error(MORE[message]).split(" ", 1)[1] == message

"""The policy file: read, checked, laid over its preset, turned into the core's values."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

from gate import rulesets
from gate.config import yaml
from gate.config.checks import check_ai, check_areas, check_scanners
from gate.config.evidence import check_evidence
from gate.config.keys import POLICY, VERSION, key_index
from gate.config.people import check_people
from gate.config.problems import Problems
from gate.errors import ConfigError

if TYPE_CHECKING:
    from gate.core.policy import Policy

#: What a repository without a policy file runs under, and what a file without `extends` is laid over.
DEFAULT_PRESET = "balanced"


def load_policy(text: bytes | None, *, name: str = ".gate.yml", source: str | None = None) -> Policy:
    """Return the policy that a file decides, every key that it does not give from its preset.

    `name` is what messages call the file (`name:line:column: …`), `source` what reports call it, by default
    the same. None for `text` means that there is no file: the preset `balanced` alone, `is_default` true.
    `digest` covers the bytes of the file and of the preset. `warnings` are remarks that stop nothing.
    Raises ConfigErrors with every problem of the file.
    """
    if text is None:
        preset, data = _preset(DEFAULT_PRESET)
        return _build(preset, preset=DEFAULT_PRESET, source=f"preset {DEFAULT_PRESET}", digest=_digest(data))
    problems = Problems(name, elsewhere=key_index())
    values = _values(text, problems)
    chosen = values.get("extends", DEFAULT_PRESET)
    preset, data = _preset(chosen)
    return _build(
        _over(preset, values),
        preset=chosen,
        source=source or name,
        digest=_digest(data, text),
        is_default=False,
        warnings=problems.warnings,
    )


def _values(text: bytes, problems: Problems) -> dict[str, Any]:
    """The checked values of one policy file as nested plain dictionaries, only the keys that it gives."""
    root = yaml.parse(text, problems)
    _check_version(root, problems)
    values: Any = POLICY.check(root, "", problems)
    check_scanners(root, problems)
    check_ai(root, problems)
    check_areas(root, problems)
    check_people(root, problems)
    check_evidence(root, problems)
    problems.raise_if_any()
    return dict(values)


def _check_version(root: yaml.Node, problems: Problems) -> None:
    """Stop at a version that is not known: its keys are not either."""
    version = yaml.child(root, "version")
    value = version.value if isinstance(version, yaml.Scalar) else None
    if version is not None and isinstance(value, int) and not isinstance(value, bool) and value != VERSION:
        problems.fail(
            version, f"version {value} is not supported; this version of the gate reads version {VERSION}"
        )


def _preset(name: str) -> tuple[dict[str, Any], bytes]:
    path = rulesets.directory() / "policies" / f"{name}.yml"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path}: the shipped preset cannot be read: {error.strerror}",
            hint="Install it again: pip install --force-reinstall ai-merge-gate",
        ) from error
    return _values(data, Problems(f"policies/{path.name}")), data


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Lay one file's values over another's: mappings key by key, everything else as a whole."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _build(values: dict[str, Any], **facts: Any) -> Policy:
    policy: Policy = POLICY.build(values)
    return dataclasses.replace(policy, **facts)


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d\n" % len(part))
        digest.update(part)
    return f"sha256:{digest.hexdigest()}"

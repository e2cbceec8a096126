"""Checks of the evidence section across its entries: every key is one machine's, and no human's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.config import yaml
from gate.config.problems import shown
from gate.core.evidence.place import GIT

if TYPE_CHECKING:
    from gate.config.problems import Problems


def check_evidence(root: yaml.Node, problems: Problems) -> None:
    """Note ids and keys used twice, keys of people, and a remote for a store that is not in git."""
    evidence = yaml.child(root, "evidence")
    push, store = yaml.child(evidence, "push"), yaml.child(evidence, "store")
    if push is not None and not (isinstance(store, yaml.Scalar) and store.text.partition(":")[0] == GIT):
        problems.add(push, "evidence.push: only a store in git is pushed; remove the key, or set store: git")
    humans = yaml.items(yaml.child(yaml.child(root, "signoff"), "humans"))
    seen = {_key(key.text): key.line for human in humans for key in _scalars(yaml.child(human, "keys"))}
    people = set(seen)
    ids: dict[str, int] = {}
    for at, signer in enumerate(yaml.items(yaml.child(evidence, "signers"))):
        path = f"evidence.signers[{at}]"
        name = yaml.child(signer, "id")
        if isinstance(name, yaml.Scalar) and ids.setdefault(name.text, name.line) != name.line:
            problems.add(
                name, f"{path}.id: the id {shown(name.text)} stands in line {ids[name.text]} already"
            )
        for key in _scalars(yaml.child(signer, "keys")):
            text = _key(key.text)
            if text in people:
                problems.add(
                    key,
                    f"{path}.keys: the key is that of a human (line {seen[text]}); give the machine its own",
                )
            elif seen.setdefault(text, key.line) != key.line:
                problems.add(key, f"{path}.keys: the key stands in line {seen[text]} already")


def _scalars(node: yaml.Node | None) -> list[yaml.Scalar]:
    return [item for item in yaml.items(node) if isinstance(item, yaml.Scalar)]


def _key(text: str) -> str:
    return " ".join(text.split()[:2])

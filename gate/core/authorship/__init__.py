"""Who wrote a commit: the registry of agent signatures and the verdicts drawn from it.

`build_registry` turns the documents of `rulesets/agents/` into a `Registry`; `attribute` judges a change with
it and `attribute_commit` one commit. A signature is an unauthenticated claim, so the answer may only raise the
bar, and there is no verdict "human".
"""

from __future__ import annotations

from gate.core.authorship.change import SOURCES, attribute
from gate.core.authorship.fixtures import fixture_problems
from gate.core.authorship.grades import Place, Role
from gate.core.authorship.judge import Opener, attribute_commit, signature_ids
from gate.core.authorship.model import Authorship, AuthorVerdict, CommitAuthorship, Evidence
from gate.core.authorship.registry import Registry, build_registry, is_agent_identity, is_bot_identity
from gate.core.authorship.schema import Agent, RegistryError, Signature

__all__ = [
    "SOURCES",
    "Agent",
    "AuthorVerdict",
    "Authorship",
    "CommitAuthorship",
    "Evidence",
    "Opener",
    "Place",
    "Registry",
    "RegistryError",
    "Role",
    "Signature",
    "attribute",
    "attribute_commit",
    "build_registry",
    "fixture_problems",
    "is_agent_identity",
    "is_bot_identity",
    "signature_ids",
]

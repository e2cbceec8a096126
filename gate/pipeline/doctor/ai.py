"""Checks of the review by a model: whether its engine could start here. Nothing is asked that costs money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.ai.engines.command import NAME as COMMAND
from gate.ai.engines.replay import NAME as REPLAY
from gate.ai.engines.replay import ReplayEngine
from gate.ai.folder import CREDENTIALS
from gate.ai.prices import price_of
from gate.ai.prompt import MAX_INSTRUCTIONS, load_prompt
from gate.core.ai import Reason
from gate.core.ai.price import tokens
from gate.core.words import listed
from gate.pipeline.ai.engines import engine_of
from gate.pipeline.doctor.check import Check, Clone, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gate.ai.request import EngineInfo
    from gate.core.policy import AiPolicy

_BAD = frozenset({Reason.CLI_MISSING, Reason.CLI_TOO_OLD, Reason.CONNECTION, Reason.ISOLATION})


def checks(clone: Clone) -> Iterator[Check]:
    """Yield how the review would start here, nothing where the policy of the target branch has none."""
    if clone.policy is None or not clone.policy.ai.enabled:
        return
    ai = clone.policy.ai
    yield effect(ai)
    yield variables(ai)
    if ai.instructions:
        yield instructions(clone, ai.instructions)
    if ai.engine == REPLAY:
        yield ok("ai-engine", "replay reads recorded answers from --ai-replay")
        return
    info = _probe(clone, ai)
    yield engine(info, required=ai.required)
    if ai.engine != COMMAND:
        yield key(clone, info, required=ai.required)
        yield price(ai)


def effect(ai: AiPolicy) -> Check:
    """What a review leads to, and whether one that was not done can go unseen."""
    told = f"findings: {ai.findings}, if_missing: {ai.if_missing}" + (", required" if ai.required else "")
    if ai.findings != "note" and not ai.required and ai.if_missing == "note":
        return warn(
            "ai-effect",
            f"{told}: a finding of a model counts, and a review that was not done does not",
            "Set ai.if_missing: signoff, or ai.required: true, or whoever stops the review stops its findings.",
        )
    return ok("ai-effect", told)


def variables(ai: AiPolicy) -> Check:
    """Whether the policy hands more of the job to a program than it needs."""
    wide = [name for name in ai.env if any(word in name.upper() for word in ("TOKEN", "SECRET", "PASSW"))]
    wide = [name for name in wide if name not in CREDENTIALS]
    if wide:
        return warn(
            "ai-env",
            f"ai.env hands {listed(wide)} to the program of the engine",
            "Take out what the engine does not need to reach its model.",
        )
    return ok(
        "ai-env", f"{listed(ai.env)}, and nothing else" if ai.env else "nothing of the job beside the key"
    )


def instructions(clone: Clone, path: str) -> Check:
    """Whether the hints of the team are there and short enough."""
    text = clone.at_target(path)
    if text is None:
        return fail(
            "ai-hints",
            f"ai.instructions names {path}, which is not on {clone.target_name}",
            "Commit the file there, or take the key out of the policy.",
        )
    if len(text) > MAX_INSTRUCTIONS:
        return fail(
            "ai-hints",
            f"{path} has {len(text):,} bytes, more than the {MAX_INSTRUCTIONS:,} of hints",
            "Keep what the model must know about this repository.",
        )
    return ok("ai-hints", path)


def engine(info: EngineInfo, *, required: bool) -> Check:
    """Whether the engine's program is there, new enough and known."""
    name = f"{info.name} {info.version}".strip()
    if info.problem in _BAD:
        mend = "Install it in a version that docs/ai-review.md names, or choose another ai.engine."
        if info.problem is Reason.CONNECTION:
            mend = "Correct ANTHROPIC_BASE_URL or HTTPS_PROXY of the job."
        return (fail if required else warn)("ai-engine", info.detail or info.problem.value, mend)
    if info.notes and info.name != COMMAND:
        return warn("ai-engine", listed(info.notes), "Pin a version that docs/ai-review.md names.")
    return ok("ai-engine", f"{name}, isolation {info.isolation}")


def key(clone: Clone, info: EngineInfo, *, required: bool) -> Check:
    """Whether there is a key here. That of CI cannot be seen from elsewhere, so its absence is no failure."""
    found = next((name for name in CREDENTIALS if clone.environment.get(name)), None)
    if found is None or info.problem is Reason.NO_CREDENTIALS:
        held = f"{found} is not for {info.name}" if found else f"none of {listed(CREDENTIALS)} is set here"
        then = "a review without a key is incomplete (4)" if required else "a review without a key is skipped"
        return warn(
            "ai-key",
            f"{held}; {then}",
            "Give the key to the job of docs/ci.md that the author cannot change.",
        )
    return ok("ai-key", f"{found} is set; it was not tried")


def price(ai: AiPolicy) -> Check:
    """Whether the money of the policy is enough for a call at all."""
    known = price_of(ai.model)
    if known is None:
        return warn(
            "ai-price",
            f"no price of {ai.model} is known, so there is no estimate before a call",
            "Choose a model of rulesets/prompts/prices.yml, or rely on ai.max_diff_bytes and ai.runs.",
        )
    own = len(load_prompt().fill("", "").encode())
    least, most = known.most(tokens(own)), known.most(tokens(own + ai.batch_bytes))
    if least > ai.max_usd:
        return fail(
            "ai-price",
            f"a call to {ai.model} may cost {least:.2f} USD, and ai.max_usd is {ai.max_usd:g}: none is ever made",
            "Raise ai.max_usd, or choose another model.",
        )
    told = f"{ai.model}: {least:.2f} to {most:.2f} USD a call at most, of {ai.max_usd:g} (prices of {known.as_of})"
    return ok("ai-price", told)


def _probe(clone: Clone, ai: AiPolicy) -> EngineInfo:
    def stage(_folder: Path, _paths: Sequence[str]) -> int:
        raise AssertionError  # nothing is reviewed here

    made, _ = engine_of(
        ai, clone.environment, ReplayEngine(folder=None), stage=stage, agents_configured=False
    )
    return made.probe()

"""Checks of the policy as it is on the target branch, where it counts, and of the people in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.config import load_policy, unmatched_globs
from gate.core.owners import MAX_BYTES, PLACES, parse_owners
from gate.core.policy import CODEOWNERS, Mode
from gate.core.words import counted, listed
from gate.errors import ConfigError, GitError
from gate.pipeline import inputs
from gate.pipeline.doctor.check import Check, Clone, fail, ok, warn
from gate.pipeline.identities import MOST_COMMITS, recent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.policy import Human, Policy

#: Areas that need reviewers of their own; the other shipped ones take theirs from these.
REVIEWED = ("auth", "crypto", "data", "gate")
GUARDED = (inputs.POLICY_FILE, ".gate/waivers.yml")


def checks(clone: Clone) -> Iterator[Check]:
    """Yield how the policy stands; sets `clone.policy`, which later checks use."""
    yield file(clone)
    if (ahead := unmerged(clone)) is not None:
        yield ahead
    if clone.policy is None:
        return
    yield remarks(clone, clone.policy)
    yield mode(clone.policy)
    yield reviewers(clone.policy)
    yield accounts(clone, clone.policy)
    yield ended(clone, clone.policy)
    yield waivers(clone, clone.policy)
    yield owners(clone)
    yield unlisted(clone, clone.policy)


def file(clone: Clone) -> Check:
    """Whether the target branch has a policy that can be read."""
    if clone.target is None:
        return fail("policy", "cannot be read without the target branch", "Mend the check `target` first.")
    try:
        text = inputs.policy_file(clone.repository, clone.target, inputs.POLICY_FILE)
        clone.policy = load_policy(
            text, name=inputs.POLICY_FILE, source=f"{inputs.POLICY_FILE} at {clone.target[:12]}"
        )
    except ConfigError as error:
        return fail(
            "policy",
            f"on {clone.target_name}: {error.message}",
            error.hint or "Correct the lines on the target branch; docs/policy.md has every key.",
        )
    except GitError as error:
        return fail("policy", error.message, error.hint or "Correct it on the target branch.")
    if clone.policy.is_default:
        return warn(
            "policy",
            f"{clone.target_name} has no {inputs.POLICY_FILE}: the preset balanced decides, and no human is known",
            "Run gate init, and merge what it writes.",
        )
    return ok("policy", f"{clone.policy.source}, preset {clone.policy.preset}")


def unmerged(clone: Clone) -> Check | None:
    """Whether the files here hold another policy than the target branch; None if they do not."""
    place = clone.root and clone.root / inputs.POLICY_FILE
    if (
        place is None
        or place.is_symlink()
        or not place.is_file()
        or place.stat().st_size > inputs.MAX_CONFIG_BYTES
    ):
        return None
    text = place.read_bytes()
    if text == clone.at_target(inputs.POLICY_FILE):
        return None
    try:
        load_policy(text, name=inputs.POLICY_FILE)
    except ConfigError as error:
        return fail(
            "policy-here",
            f"in your files: {error.message}",
            error.hint or "Correct the lines before you merge them.",
        )
    return warn(
        "policy-here",
        f"{inputs.POLICY_FILE} in your files differs from the one on {clone.target_name or 'the target branch'}",
        "It counts once it is merged; until then the one there decides.",
    )


def remarks(clone: Clone, policy: Policy) -> Check:
    """Whether the policy says things that have no effect."""
    found = [*policy.warnings, *unmatched_globs(policy, clone.paths())]
    if found:
        return warn("policy-remarks", "; ".join(found), "Correct these lines on the target branch.")
    return ok("policy-remarks", "every line has an effect")


def mode(policy: Policy) -> Check:
    """Whether the gate stops anything at all."""
    if policy.mode is Mode.OBSERVE:
        return warn(
            "mode",
            "observe: blocked and waiting changes pass",
            "Set mode: enforce when you trust what you saw.",
        )
    return ok("mode", "enforce")


def reviewers(policy: Policy) -> Check:
    """Whether every sensitive area has people, and enough of them that an author can be left out."""
    names = policy.signoff.reviewers
    areas = (*REVIEWED, *sorted(set(policy.areas) - {*REVIEWED, "authz", "supply", "opaque"}))
    empty = [area for area in areas if not names.get(area)]
    if empty:
        return warn(
            "reviewers",
            f"nobody is named for {listed(empty)}: every change there waits",
            "Name people in signoff.reviewers of the policy.",
        )
    single = [area for area in areas if len(names[area]) == 1 and CODEOWNERS not in names[area]]
    if single:
        return warn(
            "reviewers",
            f"only one person can sign off {listed(single)}, and nobody signs off a change of his own",
            "Name a second person in signoff.reviewers.",
        )
    return ok("reviewers", f"every area has at least two, or owners: {listed(list(areas))}")


def accounts(clone: Clone, policy: Policy) -> Check:
    """Whether those who review can be recognised: by an account of this forge, or a key."""
    people = {human.id: human for human in policy.signoff.humans}
    named = sorted(
        {one for listed_ in policy.signoff.reviewers.values() for one in listed_ if one != CODEOWNERS}
    )
    mute = [name for name in named if name in people and not _can_speak(people[name], clone.forge)]
    if mute:
        return fail(
            "accounts",
            f"reviewers without an account of {clone.forge or 'a forge'} and without a key: {listed(mute)}",
            f"Give each a key {clone.forge or 'github'}: LOGIN in signoff.humans, or keys: for signed statements.",
        )
    return ok(
        "accounts",
        f"{counted(len(named), 'reviewer')}, each with an account or a key" if named else "no reviewers",
    )


def _can_speak(human: Human, forge: str) -> bool:
    by_forge = {
        "github": bool(human.github or human.github_id),
        "gitlab": bool(human.gitlab or human.gitlab_id),
    }
    return bool(human.keys) or (by_forge[forge] if forge in by_forge else any(by_forge.values()))


def ended(clone: Clone, policy: Policy) -> Check:
    """Whether somebody is named whose time is over."""
    named = {one for listed_ in policy.signoff.reviewers.values() for one in listed_}
    over = [
        f"{h.id} (until {h.until})"
        for h in policy.signoff.humans
        if h.until and h.until < clone.now and h.id in named
    ]
    if over:
        return warn(
            "ended",
            f"reviewers whose time is over: {listed(over)}",
            "Take them out of signoff.reviewers, or extend.",
        )
    return ok("ended", "no reviewer's time is over")


def waivers(clone: Clone, policy: Policy) -> Check:
    """Whether waivers can be read and still hold."""
    try:
        found = inputs.read_waivers(clone.repository, clone.target or "", policy)
    except (ConfigError, GitError) as error:
        return fail("waivers", error.message, error.hint or f"Correct {policy.waivers} on the target branch.")
    over = [waiver.where for waiver in found if waiver.expires < clone.now]
    if over:
        return warn(
            "waivers", f"expired: {listed(over)}", f"Take them out of {policy.waivers}, or renew them."
        )
    return ok("waivers", f"{counted(len(found), 'waiver')} that hold" if found else "none")


def owners(clone: Clone) -> Check:
    """Whether the forge asks somebody too before the gate's own files change."""
    places = PLACES.get(clone.forge) or tuple(dict.fromkeys((*PLACES["github"], *PLACES["gitlab"])))
    mend = (
        "Add lines for /.gate.yml, /.gate/ and the CI files to CODEOWNERS; gate init --reviewer writes them."
    )
    for path in places:
        data = clone.at_target(path)
        if data is None:
            continue
        if len(data) > MAX_BYTES:
            return fail(
                "owners",
                f"{path} is larger than its forge reads, so nobody owns anything",
                "Make it smaller.",
            )
        read = parse_owners(data, path, forge=clone.forge)
        ci = ".gitlab-ci.yml" if clone.forge == "gitlab" else ".github/workflows/gate.yml"
        free = [name for name in (*GUARDED, ci) if not read.of(name)]
        if free:
            return warn("owners", f"{path} names no owner of {listed(free)}", mend)
        if read.ignored:
            numbers = listed([str(number) for number in read.ignored])
            return warn(
                "owners", f"{path}: lines that the forge does not understand: {numbers}", "Correct them."
            )
        return ok("owners", f"{path} names owners of policy and CI")
    return warn("owners", "there is no CODEOWNERS file: the gate alone asks for people", mend)


def unlisted(clone: Clone, policy: Policy) -> Check:
    """Whether recent authors are known; whom the gate does not know makes a change need two sign-offs."""
    if clone.registry is None or clone.target is None:
        return ok("people", "not looked at")
    try:
        found = recent(clone.repository, clone.target, clone.registry)
    except GitError as error:
        return warn("people", error.message, error.hint or "")
    known = {email.casefold() for human in policy.signoff.humans for email in human.emails}
    logins = {login.casefold() for human in policy.signoff.humans for login in human.github}
    strangers = {
        email: None
        for one in found
        for email in one.emails
        if email not in known
        and not (one.login and one.login.casefold() in logins and "users.noreply" in email)
    }
    if strangers:
        return warn(
            "people",
            f"addresses of the last {MOST_COMMITS} commits that are nobody's in the policy: {listed(list(strangers))}",
            "Add them to emails of the people in signoff.humans; until then their changes need two sign-offs.",
        )
    return ok("people", f"everybody who wrote the last {MOST_COMMITS} commits is listed")

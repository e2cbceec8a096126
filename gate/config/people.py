"""Checks of the sign-off section across its entries: nobody twice, nobody unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.config import yaml
from gate.config.keys import AREAS
from gate.config.problems import shown, suggestion
from gate.core.policy import AI_WRITTEN, CODEOWNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.config.problems import Problems

#: Keys of a human that name exactly one person, with what two people cannot share.
_IDENTITIES = {
    "id": "the id",
    "github": "the GitHub login",
    "gitlab": "the GitLab user name",
    "github_id": "the GitHub account id",
    "gitlab_id": "the GitLab user id",
    "emails": "the e-mail address",
    "keys": "the key",
}

_TEAMS = ("github_teams", "gitlab_groups")


def check_people(root: yaml.Node, problems: Problems) -> None:
    """Note duplicate identities, unknown reviewers and areas, and numbers that nobody can reach."""
    signoff = yaml.child(root, "signoff")
    humans = list(yaml.items(yaml.child(signoff, "humans")))
    ids = _identities(humans, problems)
    _reviewers(root, signoff, ids, problems)
    _numbers(signoff, len(humans), problems)
    not_humans, teams = yaml.child(signoff, "not_humans"), _has_teams(signoff)
    for login in yaml.items(not_humans):
        if isinstance(login, yaml.Scalar) and login.text in ids:
            problems.add(login, f"signoff.not_humans: {shown(login.text)} is listed in signoff.humans")
    if not_humans is not None and any(True for _ in yaml.items(not_humans)) and not teams:
        problems.warn(not_humans, "signoff.not_humans: has no effect without signoff.humans_from")
    _break_glass(signoff, ids, problems)


def _has_teams(signoff: yaml.Node | None) -> bool:
    """Whether members of teams are humans too, so that nobody can say here who is known."""
    source = yaml.child(signoff, "humans_from")
    return any(any(True for _ in yaml.items(yaml.child(source, key))) for key in _TEAMS)


def _break_glass(signoff: yaml.Node | None, ids: dict[str, yaml.Scalar], problems: Problems) -> None:
    rules = yaml.child(signoff, "break_glass")
    people = yaml.child(rules, "people")
    for person in yaml.items(people):
        # An override is signed with a key, and only listed people have one.
        if isinstance(person, yaml.Scalar) and person.text not in ids:
            close = suggestion(person.text, ids) or "; add the person there"
            problems.add(
                person, f"signoff.break_glass.people: {shown(person.text)} is not in signoff.humans{close}"
            )
    if isinstance(rules, yaml.Mapping) and rules.entries and people is None:
        problems.add(rules, "signoff.break_glass: people is missing, so nobody could override")


def _identities(humans: list[yaml.Node], problems: Problems) -> dict[str, yaml.Scalar]:
    ids: dict[str, yaml.Scalar] = {}
    seen: dict[tuple[str, str], yaml.Scalar] = {}
    for at, human in enumerate(humans):
        known = False
        for key, what in _IDENTITIES.items():
            own: set[str] = set()  # what one list repeats exactly was noted when the list was read
            for value in _one_or_many(yaml.child(human, key)):
                known = known or key != "id"
                first = seen.setdefault((key, _compared(key, value.text)), value)
                if first is not value and value.text not in own:
                    path = f"signoff.humans[{at}].{key}"
                    problems.add(
                        value, f"{path}: {what} {shown(value.text)} stands in line {first.line} already"
                    )
                elif key == "id":
                    ids[value.text] = value
                own.add(value.text)
        if isinstance(human, yaml.Mapping) and not known:
            problems.warn(
                human, f"signoff.humans[{at}]: without an account, address or key nobody is recognised by it"
            )
    return ids


def _compared(key: str, text: str) -> str:
    # Logins and addresses are the same person in any case; a key is its second word, not its comment.
    return " ".join(text.split()[:2]) if key == "keys" else text.casefold()


def _reviewers(
    root: yaml.Node, signoff: yaml.Node | None, ids: dict[str, yaml.Scalar], problems: Problems
) -> None:
    teams = _has_teams(signoff)
    areas = [*AREAS, *(name.text for name, _ in yaml.entries(yaml.child(root, "areas")))]
    for area, listed in yaml.entries(yaml.child(signoff, "reviewers")):
        if area.text not in areas and area.text != AI_WRITTEN:
            known = suggestion(area.text, areas) or f"; known are {', '.join(areas)}"
            problems.add(area, f"signoff.reviewers: there is no area {shown(area.text)}{known}")
        for reviewer in yaml.items(listed):
            if not isinstance(reviewer, yaml.Scalar) or reviewer.text in ids:
                continue
            path = f"signoff.reviewers.{area.text}"
            if reviewer.text == CODEOWNERS:
                continue
            close = suggestion(reviewer.text, ids)
            if teams and not close:
                problems.warn(
                    reviewer,
                    f"{path}: {shown(reviewer.text)} is not in signoff.humans; it counts only as the login of a "
                    "member of signoff.humans_from",
                )
            else:
                told = close or "; add the person there"
                problems.add(reviewer, f"{path}: {shown(reviewer.text)} is not in signoff.humans{told}")


def _numbers(signoff: yaml.Node | None, humans: int, problems: Problems) -> None:
    teams = _has_teams(signoff)
    for key in ("min", "ai_min"):
        number = yaml.child(signoff, key)
        value = number.value if isinstance(number, yaml.Scalar) else None
        if number is not None and humans and isinstance(value, int) and value > humans and not teams:
            people = "only one human is" if humans == 1 else f"only {humans} humans are"
            problems.warn(number, f"signoff.{key}: {value} sign-offs cannot be reached, {people} listed")


def _one_or_many(node: yaml.Node | None) -> Iterator[yaml.Scalar]:
    for item in yaml.items(node) or (node,):
        if isinstance(item, yaml.Scalar) and item.value is not None:
            yield item

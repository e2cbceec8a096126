"""No forge at all: the facts come from a reviews file, and nothing is posted. For forges without an adapter."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from gate.errors import UsageError
from gate.forges.port import Origin, Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gate.core.review import ForgeFacts
    from gate.forges.port import Comment, InlineComment, Remark, Sibling, Status, Wanted


class Local:
    """One request as a file tells it; see the port `Forge`. What would be posted goes nowhere: whoever runs
    this takes the verdict from the exit code and the texts from report files.
    """

    name = "local"
    states: Mapping[str, str] = MappingProxyType(
        {state: state for state in ("success", "pending", "failure", "error")}
    )

    def __init__(self, facts: ForgeFacts) -> None:
        """`facts` are those of `reviews_file.read_reviews`."""
        self._facts = facts

    def proposal(self) -> Proposal:
        facts = self._facts
        number = re.search(r"\d{1,9}", facts.change)
        return Proposal(
            repository=facts.repo,
            number=int(number[0]) if number else 0,
            head=facts.head,
            target=facts.target.removeprefix("refs/heads/"),
            branch=facts.branch or "",
            is_open=True,
            opener=facts.opener,
            body=facts.body,
        )

    def facts(self, proposal: Proposal, wanted: Wanted) -> ForgeFacts:  # noqa: ARG002 - the port's form
        return self._facts

    def is_protected(self, branch: str) -> bool | None:  # noqa: ARG002 - the port's form
        return self._facts.target_protected

    def merged(self, sha: str) -> tuple[int, ...]:  # noqa: ARG002
        return ()

    def siblings(self, proposal: Proposal) -> tuple[Sibling, ...]:  # noqa: ARG002
        return ()

    def origin(self, proposal: Proposal) -> Origin:  # noqa: ARG002
        raise UsageError(
            "without a forge nobody says where to fetch the objects",
            hint="Give a clone that has target and head with --repo DIR.",
        )

    def status(self, sha: str, context: str) -> Status | None:  # noqa: ARG002
        return None

    def set_status(self, proposal: Proposal, sha: str, status: Status) -> None:
        """Do nothing: the exit code says it."""

    def comments(self) -> tuple[Comment, ...]:
        return ()

    def add_comment(self, body: str) -> None:
        """Do nothing."""

    def edit_comment(self, comment: Comment, body: str) -> None:
        """Do nothing."""

    def inline(self) -> tuple[InlineComment, ...]:
        return ()

    def add_inline(
        self,
        proposal: Proposal,  # noqa: ARG002
        sha: str,  # noqa: ARG002
        remarks: Sequence[Remark],
        body: str,  # noqa: ARG002
    ) -> Collection[Remark]:
        return remarks

    def settle(self, comment: InlineComment, body: str, *, resolved: bool) -> None:
        """Do nothing."""

    def upload_sarif(self, proposal: Proposal, sha: str, report: str) -> None:
        """Do nothing."""

"""The exception tree of the gate, each class with its exit code and a hint.

GateError                       1  never raised itself
├── UsageError                  2  an option or argument that cannot be used
├── ConfigError                 2  a policy, waiver or ruleset file that is wrong
│   └── ConfigErrors            2  several of them, all reported at once
└── IncompleteError             4  the question cannot be answered; never a pass
    ├── GitError                4  the repository cannot give the facts
    ├── ScannerError            4  a scanner cannot be started at all
    ├── ForgeError              4  reviews or other forge facts cannot be read
    ├── SigningError            4  signatures cannot be verified or made
    └── EvidenceError           4  records of verdicts cannot be read or left

A verdict is not an exception: blocked (1) and waiting (3) are outcomes of a run that worked.
Anything else that escapes is a bug of ours: exit 70 with a written report.
"""

from __future__ import annotations

from typing import ClassVar

from gate.core.verdict import Outcome

#: Exit codes by outcome; part of the contract with CI systems.
EXIT_CODES = {
    Outcome.SKIPPED: 4,
    Outcome.PASSED: 0,
    Outcome.BLOCKED: 1,
    Outcome.NEEDS_SIGNOFF: 3,
    Outcome.INCOMPLETE: 4,
}
EXIT_USAGE = 2
EXIT_INCOMPLETE = 4
EXIT_INTERNAL = 70
EXIT_INTERRUPTED = 130


class GateError(Exception):
    """What happened and where; `hint` says what to do next."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(GateError):
    """An option or argument that cannot be used."""

    exit_code = EXIT_USAGE


class ConfigError(GateError):
    """A policy, waiver or ruleset file that is wrong; the message starts with file:line:column."""

    exit_code = EXIT_USAGE


class ConfigErrors(ConfigError):
    """All errors of one or more configuration files, in file order; `errors` is never empty."""

    def __init__(self, errors: tuple[ConfigError, ...]) -> None:
        super().__init__(
            "\n".join(e.message for e in errors), hint=errors[0].hint if len(errors) == 1 else None
        )
        self.errors = errors


class IncompleteError(GateError):
    """The question cannot be answered. Never a pass."""

    exit_code = EXIT_INCOMPLETE


class GitError(IncompleteError):
    """The repository cannot give the facts that are needed."""


class ScannerError(IncompleteError):
    """A scanner cannot be started at all."""


class ForgeError(IncompleteError):
    """Reviews or other facts of the forge cannot be read."""


class SigningError(IncompleteError):
    """Signatures cannot be verified, or made, because the program for it is missing or too old."""


class EvidenceError(IncompleteError):
    """Records of verdicts cannot be read from their store, or cannot be left there."""

"""All problems of one configuration file, collected before any is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Protocol

from gate.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: More problems than a person will read; a file that is broken throughout ends early.
MOST = 100


class Place(Protocol):
    """Anything that knows where it stands: 1-based line and column, in characters."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Problems:
    """Collects the problems of the file `name`, as it shall be called in messages.

    `elsewhere` maps the name of a key to its full path (`fail_level` → `findings.fail_level`), for
    suggesting where a key belongs that stands in the wrong place.
    """

    def __init__(self, name: str, *, elsewhere: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.elsewhere = elsewhere or {}
        self._errors: dict[tuple[int, int, str], ConfigError] = {}
        self._warnings: dict[tuple[int, int, str], str] = {}

    def add(self, place: Place, message: str) -> None:
        """Note an error; raises ConfigErrors when there are too many to go on."""
        at = (place.line, place.column, message)
        self._errors.setdefault(at, ConfigError(f"{self.where(place)}: {message}"))
        if len(self._errors) >= MOST:
            self.fail(place, f"this is problem number {MOST}; what follows was not checked")

    def warn(self, place: Place, message: str) -> None:
        """Note a remark that stops nothing."""
        self._warnings.setdefault((place.line, place.column, message), f"{self.where(place)}: {message}")

    def fail(self, place: Place, message: str) -> NoReturn:
        """Raise ConfigErrors with all earlier problems and this one, which ends the reading, as the last."""
        raise ConfigErrors((*self._in_order(), ConfigError(f"{self.where(place)}: {message}")))

    def where(self, place: Place) -> str:
        """Return `file:line:column`."""
        return f"{self.name}:{place.line}:{place.column}"

    def raise_if_any(self) -> None:
        """Raise ConfigErrors with everything noted, in file order."""
        if self._errors:
            raise ConfigErrors(self._in_order())

    def _in_order(self) -> tuple[ConfigError, ...]:
        return tuple(self._errors[at] for at in sorted(self._errors))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Remarks in file order."""
        return tuple(self._warnings[at] for at in sorted(self._warnings))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the closest known word, or an empty text if none is close."""
    import difflib  # noqa: PLC0415 - only for a file that is wrong

    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean {folded[close[0]]!r}?" if close else ""


def shown(text: str, *, most: int = 60) -> str:
    """Return a value in quotes as messages show it: one line, escaped, at most `most` characters."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")

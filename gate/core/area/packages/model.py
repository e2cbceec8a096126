"""What a manifest or a lock says, in one form for all ecosystems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Entry(NamedTuple):
    """One way in which a package is named: empty strings where the file does not say.

    `source` is where it comes from if that can differ (`https://registry.example`, a git URL, a path),
    `hashes` are those of its files as `algorithm:value`.
    """

    version: str = ""
    source: str = ""
    hashes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Parsed:
    """`packages` by name, `sources` are registries and indexes of the whole file, `scripts` what is run on
    installing: name → text.
    """

    packages: dict[str, set[Entry]] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    scripts: dict[str, str] = field(default_factory=dict)

    def add(
        self, name: object, version: object = "", source: str = "", hashes: frozenset[str] = frozenset()
    ) -> None:
        """Note a package; what is no string is left out of it."""
        if isinstance(name, str) and name:
            said = version if isinstance(version, str) else ""
            self.packages.setdefault(name, set()).add(Entry(said.strip(), source, hashes))


class UnreadableError(ValueError):
    """A manifest or lock that is not what its name says."""

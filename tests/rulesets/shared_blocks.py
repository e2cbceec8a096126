"""Lists that many rules share: written once in `blocks/`, copied into the rule files, compared by a test.

Rule files must be complete in themselves: Semgrep reads them as they are, and YAML anchors break one engine.
In a rule file a copy stands between `# shared NAME` and `# end of NAME`. After a change in `blocks/`:

    python -m tests.rulesets.shared_blocks
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "rulesets" / "semgrep"
BLOCKS = Path(__file__).resolve().parent / "blocks"
_COPY = re.compile(
    r"^(?P<start>[ ]*# shared (?P<name>[a-z-]+)\n)(?P<body>.*?)^(?P<end>[ ]*# end of (?P=name)\n)",
    re.MULTILINE | re.DOTALL,
)


def blocks() -> dict[str, str]:
    """The shared lists by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(BLOCKS.glob("*.yaml"))}


def renewed(text: str, known: dict[str, str]) -> str:
    """Return the text of a rule file with each copy as it should be. KeyError for a block that is gone."""
    return _COPY.sub(lambda copy: copy["start"] + known[copy["name"]] + copy["end"], text)


def used(text: str) -> set[str]:
    """The names of the shared lists that a rule file holds."""
    return {copy["name"] for copy in _COPY.finditer(text)}


def main() -> None:
    """Renew the copies in all rule files and name those that changed."""
    known = blocks()
    for path in sorted(RULES.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        new = renewed(text, known)
        if new != text:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(RULES)}\n")


if __name__ == "__main__":
    main()

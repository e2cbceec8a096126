"""`python -m tests.reports.catalogue` compiles the gettext catalogues of reports: gate.po to gate.mo beside it."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import gate.reports

LOCALE = Path(gate.reports.__file__).parent / "locale"


def compiled(path: Path) -> bytes:
    """Return what gettext reads of a catalogue."""
    with path.open("rb") as file:
        found = read_po(file, locale=path.parents[1].name)
    raw = io.BytesIO()
    write_mo(raw, found)
    return raw.getvalue()


def main() -> None:
    """Write every compiled catalogue."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):  # a newer compiler alone changes only the head
        path.with_suffix(".mo").write_bytes(compiled(path))
        print(f"wrote {path.with_suffix('.mo').relative_to(LOCALE)}")


if __name__ == "__main__":
    main()

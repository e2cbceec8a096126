"""Golden files: whole reports, kept under tests/golden/<format>/<scenario>.<ext>.

`python -m tests.reports.golden` rewrites them; a test never does. Look at each one that changes, in the tool
it is for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gate.reports import FORMATS, render
from tests.reports.other_samples import OTHERS
from tests.reports.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[1] / "golden"
EXTENSIONS = {
    "text": "txt",
    "json": "json",
    "sarif": "sarif",
    "markdown": "md",
    "html": "html",
    "gitlab-sast": "json",
    "codequality": "json",
    "junit": "xml",
    "github": "txt",
}
#: What differs between these scenarios and others is only seen in some formats; the huge ones are checked by
#: their properties instead.
ONLY = {
    "colour": {"text"},
    "korean": {"text", "markdown", "html", "github"},
    "huge": {"text", "markdown"},
    "observe": {"text", "json", "markdown", "github"},
}


def samples() -> Iterator[tuple[Path, str]]:
    """Yield each golden file with the text it must have."""
    for name, (make, options) in SCENARIOS.items():
        for format_name in FORMATS:
            if format_name in ONLY.get(name, FORMATS):
                path = FOLDER / format_name / f"{name}.{EXTENSIONS[format_name]}"
                yield path, render(format_name, make(), **options)
    for name, make_text in OTHERS.items():
        yield FOLDER / name, make_text()


def main() -> None:
    """Write every golden file and remove those that belong to nothing."""
    kept = set()
    for path, text in samples():
        path.parent.mkdir(parents=True, exist_ok=True)
        kept.add(path)
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_bytes(text.encode())
            print(f"wrote {path.relative_to(FOLDER.parent)}")
    for format_name in (*FORMATS, "scan", "areas", "authorship"):
        for path in (FOLDER / format_name).glob("*"):
            if path not in kept:
                path.unlink()
                print(f"removed {path.relative_to(FOLDER.parent)}")


if __name__ == "__main__":
    main()

"""Every report is compared byte for byte with its golden file."""

from __future__ import annotations

import pytest

from gate.reports import FORMATS
from tests.reports.golden import EXTENSIONS, FOLDER, samples

SAMPLES = list(samples())


@pytest.mark.parametrize(
    ("path", "text"), [pytest.param(p, t, id=str(p.relative_to(FOLDER))) for p, t in SAMPLES]
)
def test_report_is_the_golden_one(path, text):
    """After a wanted change: `python -m tests.reports.golden`, then look at what changed."""
    assert path.read_bytes().decode() == text


def test_no_golden_file_is_orphaned():
    kept = {path for path, _ in SAMPLES}
    folders = {path.parent for path in kept}
    assert {path for folder in folders for path in folder.iterdir()} == kept


def test_every_format_has_golden_files():
    assert set(FORMATS) == set(EXTENSIONS)
    for name in FORMATS:
        assert any((FOLDER / name).iterdir()), name

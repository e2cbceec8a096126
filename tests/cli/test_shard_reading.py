"""Reading shard reports that somebody made up: refused in words, or read; never anything else."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.evidence import canonical_json
from gate.core.finding import Confidence, Place, Range, Severity, Sighting, Statement
from gate.core.scan import AreaHit, ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.shard import Part
from gate.pipeline.shards.document import Refused, Shard, document, read

SIGHTING = Sighting(
    tool="semgrep",
    rule_id="r",
    path="caf\udce9.py",
    range=Range(start_line=1, start_column=2, end_line=3, end_column=4),
    severity=Severity.HIGH,
    confidence=Confidence.LOW,
    family="sql-injection",
    cwe=(89,),
    title="t",
    message="m\n\x1b[31m",
    place=Place(
        statement=Statement(range=Range(start_line=1), code="x", scope="f"),
        snippet=("a", "b"),
        literals=("s",),
        is_secret=True,
    ),
)
REPORT = ScanReport(
    tool="semgrep",
    version="1",
    engine="experimental",
    status=ScanStatus.PARTIAL,
    reason="1 file not fully read (timeout)",
    targets=("b", "caf\udce9.py"),
    scanned=("caf\udce9.py",),
    unscanned=(Unscanned(path="b", reason="timeout"),),
    also_read=("c",),
    errors=("e",),
    sightings=(SIGHTING,),
    area_hits=(AreaHit(area="auth", rule_id="a", path="b", range=Range(start_line=7)),),
    seconds=1.5,
)
SHARD = Shard(
    part=Part(1, 2),
    scan={"kind": "change"},
    files=("b", "c", "caf\udce9.py"),
    runs=(ToolRun(head=REPORT, base=REPORT), ToolRun(head=ScanReport(tool="bandit"))),
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(document(SHARD, b"key"))
    assert read(path, b"key") == SHARD
    with pytest.raises(Refused, match="not sealed"):
        read(path, b"other")
    with pytest.raises(Refused, match="is sealed, and there is no GATE_SHARD_KEY here"):
        read(path, b"")
    path.write_text(document(SHARD, b""))
    assert read(path, b"") == SHARD


def places(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a document."""
    found = [so_far]
    if isinstance(value, (dict, list)):
        keys = value if isinstance(value, dict) else range(len(value))
        found += [way for key in keys for way in places(value[key], (*so_far, key))]
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made-up") / "s.json"


@settings(max_examples=300)
@given(data=st.data())
def test_any_value_in_any_place_is_refused_or_read(file: Path, data: st.DataObject) -> None:
    body = json.loads(document(SHARD, b""))
    *way, last = data.draw(st.sampled_from(places(body)[1:]))
    inner = body
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(JSON)
    if "digest" in body:
        rest = {key: value for key, value in body.items() if key not in ("digest", "seal")}
        body["digest"] = "sha256:" + hashlib.sha256(canonical_json(rest)).hexdigest()
    file.write_text(json.dumps(body))
    with suppress(Refused):
        assert isinstance(read(file, b""), Shard)


@settings(max_examples=200)
@given(noise=st.binary(max_size=200), at=st.integers(0, 5_000))
def test_cut_and_damaged_files_are_refused(file: Path, noise: bytes, at: int) -> None:
    whole = document(SHARD, b"").encode()
    damaged = whole[: at % len(whole)] + noise
    file.write_bytes(damaged)
    if damaged != whole:
        with pytest.raises(Refused):
            read(file, b"")


def test_deep_and_huge_and_special_files_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("[" * 200_000)
    with pytest.raises(Refused, match="not valid JSON"):
        read(file, b"")
    with pytest.raises(Refused, match="no regular file"):
        read(Path("/dev/zero"), b"")
    monkeypatch.setattr("gate.pipeline.shards.document.MAX_BYTES", 100)
    file.write_text(document(SHARD, b""))
    with pytest.raises(Refused, match="larger than"):
        read(file, b"")

"""A report file that a hostile job wrote: refused in memory, with a reason, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from gate.pipeline.report_file import ReportRefused, read_report

GOLDEN = Path(__file__).parents[1] / "golden" / "json"
GOOD = (GOLDEN / "blocked.json").read_bytes()


def refusal(path) -> str:
    with pytest.raises(ReportRefused) as refused:
        read_report(path)
    assert refused.value.exit_code == 4
    return refused.value.message.removeprefix("the report was refused: ")


def written(tmp_path, data: bytes, name: str = "gate-report.json") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", level) as file:
        for name, data in members:
            file.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_report_that_the_gate_writes_is_read(path):
    assert read_report(path).verdict == json.loads(path.read_text())["verdict"]


def test_an_archive_with_only_the_report_is_read_without_unpacking(tmp_path):
    path = written(tmp_path, archive(("gate-report.json", GOOD)), "artifact.zip")
    assert read_report(path).verdict == "blocked"
    assert [file.name for file in tmp_path.iterdir()] == ["artifact.zip"]


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("gate-report.json")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted() -> bytes:
    data = bytearray(archive(("gate-report.json", GOOD)))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive(("gate-report.json", GOOD), ("x", b"")), "does not hold exactly one file"),
        (archive(("../gate-report.json", GOOD)), "does not hold exactly one file"),
        (archive(("/gate-report.json", GOOD)), "does not hold exactly one file"),
        (archive(("gate-report.json/", b"")), "does not hold exactly one file"),
        (archive(), "does not hold exactly one file"),
        (archive((link(), b"/etc/passwd")), "symbolic link"),
        (archive(("gate-report.json", b" " * 5_000_000)), "times its size"),
        (archive(("gate-report.json", GOOD))[:-40], "broken"),
        (encrypted(), "encrypted"),
        (b"PK\x03\x04nonsense", "broken"),
    ],
    ids=["second", "up", "absolute", "folder", "empty", "link", "bomb", "cut", "encrypted", "nonsense"],
)
def test_every_other_archive_is_refused(tmp_path, data, reason):
    assert reason in refusal(written(tmp_path, data, "artifact.zip"))


def nested(depth: int) -> bytes:
    document = json.loads(GOOD)
    inner: object = 0
    for _ in range(depth):
        inner = [inner]
    document["ai"] = {"status": inner}
    return json.dumps(document).encode()


def changed(edit) -> bytes:
    document = json.loads(GOOD)
    edit(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not valid JSON"),
        (b"[]", "Expected `object`"),
        (GOOD[:-20], "not valid JSON"),
        (b"\xff\xfe{}", "not Unicode"),
        (GOOD.replace(b'"schema": "gate-report/1"', b'"schema": "gate-report/9"'), "$.schema"),
        (GOOD.replace(b'"verdict": ', b'"verdict": "passed", "verdict": '), "a key stands twice"),
        (changed(lambda d: d.update(approved=True)), "unknown field"),
        (changed(lambda d: d["findings"][0].update(harmless=True)), "unknown field"),
        (changed(lambda d: d.pop("findings")), "findings"),
        (changed(lambda d: d["findings"][0].update(severity="none")), "severity"),
        (changed(lambda d: d["findings"][0]["location"]["start"].update(line=-1)), "line"),
        (changed(lambda d: d["findings"][0]["location"]["start"].update(line=10**30)), "20 digits"),
        (changed(lambda d: d["findings"][0].update(id="id/v1:../../etc")), "id"),
        (changed(lambda d: d["change"].update(head="main")), "head"),
        (changed(lambda d: d["findings"][0].update(title="\ud800")), "not Unicode"),
        (changed(lambda d: d.update(exit_code=float("nan"))), "not JSON"),
        (nested(70), "nested deeper"),
        (b"[" * 200_000, "nested deeper"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_and_unknown_content_is_refused_with_its_place(tmp_path, data, reason):
    assert reason in refusal(written(tmp_path, data))


def test_links_devices_and_what_is_not_there_are_refused(tmp_path):
    target = written(tmp_path, GOOD, "real.json")
    place = tmp_path / "gate-report.json"
    place.symlink_to(target)
    assert refusal(place) == "is a symbolic link"
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert refusal(fifo) == "is not a regular file"
    assert "cannot be read" in refusal(tmp_path / "absent")
    assert "not a regular file" in refusal(tmp_path)


def test_a_file_above_the_limit_is_not_read(tmp_path):
    path = tmp_path / "gate-report.json"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    assert "larger than" in refusal(path)

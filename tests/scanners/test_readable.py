"""What Semgrep cannot parse and means nothing is blanked; nothing else is."""

from __future__ import annotations

import pytest

from gate.core.scan import ScanStatus
from gate.pipeline.places import locate
from gate.scanners import load_rules, scan
from gate.scanners.readable import readable
from tests.scanners.kit import POLICY, tree_of

MOCKED = b"""\
import { exec } from 'child_process'

vi.mock('ink', async (importOriginal) => {
  const original = await importOriginal<typeof import('ink')>()
  const other = await importOriginal<
    typeof import('@scope/other.js')
  >()
  return { ...original, ...other }
})

export function handler(req: Request) {
  exec('ls ' + req.query.d)
}
"""


@pytest.mark.parametrize("name", ["a.test.ts", "a.tsx", "a.mts"])
def test_a_file_with_mocked_modules_is_read_as_a_whole(name: str) -> None:
    with tree_of({name: MOCKED}) as tree:
        report = scan(tree, POLICY, load_rules(), only=frozenset({"semgrep"}), jobs=1, locate=locate)[0]
    assert (report.status, report.scanned) == (ScanStatus.COMPLETED, (name,))
    assert {sighting.range.start_line for sighting in report.sightings} == {12}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (MOCKED, "js"),
        (b"run(a<typeof import('x')>b)", "ts"),
        (b"f<typeof import(`x`)>()", "ts"),
        (b"f<typeof import('x' + g())>()", "ts"),
        (b"let a: typeof import('x')", "ts"),
    ],
    ids=["JavaScript compares and runs it", "no call", "a template", "an expression", "another place"],
)
def test_all_else_stays_as_it_is(text: bytes, language: str) -> None:
    assert readable(text, language) is text


def test_every_character_stays_in_its_place() -> None:
    shown = readable(MOCKED, "ts")
    assert len(shown) == len(MOCKED)
    assert [len(line) for line in shown.split(b"\n")] == [len(line) for line in MOCKED.split(b"\n")]
    assert b"importOriginal                      ()" in shown

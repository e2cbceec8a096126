"""The baseline file `gate-baseline/1`: the findings of a scanned tree."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import msgspec

from gate import __version__
from gate.core.baseline import Baseline, Known
from gate.core.finding import Severity
from gate.core.scan import ScanStatus
from gate.errors import ConfigError, UsageError
from gate.reports import order
from gate.reports.escape import json_path, path_from_json
from gate.reports.json import dump

if TYPE_CHECKING:
    from gate.core.finding import Finding
    from gate.reports.options import Scan

SCHEMA = "gate-baseline/1"
#: Room for about 150,000 findings.
MAX_BYTES = 64_000_000
#: No file has more lines than it may have bytes.
_MOST_LINES = 1 << 40
_HINT = "Write a new one with gate scan --write-baseline FILE; the format is described in docs/scan.md."

Word = Annotated[str, msgspec.Meta(max_length=1_000)]
Path = Annotated[str, msgspec.Meta(max_length=20_000)]
Digits = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{32})?$")]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A JSON object without room for mistakes."""


class _Gate(_Strict):
    version: Word
    rulesets_digest: Word


class _Tool(_Strict):
    name: Word
    version: Word


class _Fingerprints(_Strict):
    moved_v1: Digits = msgspec.field(name="moved/v1")
    code_v1: Digits = msgspec.field(name="code/v1")


class _Finding(_Strict):
    id: Annotated[str, msgspec.Meta(pattern="^id/v1:[0-9a-f]{32}$")]
    fingerprints: _Fingerprints
    family: Word
    path: Path
    line: Annotated[int, msgspec.Meta(ge=0, le=_MOST_LINES)]
    severity: Literal["critical", "high", "medium", "low", "info"]
    title: Annotated[str, msgspec.Meta(max_length=2_000)]
    tools: list[Word]


class _File(_Strict):
    schema: Word
    gate: _Gate
    tools: list[_Tool]
    unread: list[Path]
    findings: list[_Finding]


def document(scan: Scan) -> str:
    """Return the baseline of a scan: sorted keys, findings by path, line, family and id, no clock.

    Equal trees, tools and rules give equal bytes, wherever the tree lies. Suppressed findings are in it too.
    Raises UsageError if nobody could read it back because of its size.
    """
    ran = [t.head for t in scan.tools if t.head.status in (ScanStatus.COMPLETED, ScanStatus.PARTIAL)]
    unread = {miss.path for report in ran for miss in report.unscanned}
    unread.update(scan.unopened, scan.installed, (e.path for e in scan.excluded))
    text = dump(
        {
            "schema": SCHEMA,
            "gate": {"version": __version__, "rulesets_digest": scan.rules},
            "tools": [
                {"name": report.tool, "version": report.version}
                for report in sorted(ran, key=lambda r: r.tool)
            ],
            "unread": [json_path(path) for path in order.paths(unread)],
            "findings": [_entry(finding) for finding in sorted(scan.findings, key=_position)],
        }
    )
    if len(text.encode("utf-8", "backslashreplace")) > MAX_BYTES:
        raise UsageError(
            f"the baseline would have more than {MAX_BYTES:,} bytes",
            hint="Scan the large folders one by one, each with a baseline of its own.",
        )
    return text


def _position(finding: Finding) -> tuple[object, ...]:
    return (order.path_key(finding.path), finding.range, finding.family, finding.id)


def _entry(finding: Finding) -> dict[str, Any]:
    prints = finding.fingerprints
    return {
        "id": finding.id,
        # Without its code a finding cannot be told from another one, so it has no fingerprint that travels.
        "fingerprints": {
            "moved/v1": prints.moved_v1 if finding.code else "",
            "code/v1": prints.code_v1 if finding.code else "",
        },
        "family": finding.family,
        "path": json_path(finding.path),
        "line": finding.range.start_line,
        "severity": finding.severity.word,
        "title": finding.title,
        "tools": sorted({witness.tool for witness in finding.witnesses}),
    }


def load(data: bytes, *, name: str) -> Baseline:
    """Return the baseline in the bytes of a file; whoever wrote it is not trusted.

    Raises ConfigError, with the place in `name`, if it is not exactly one `gate-baseline/1` object: too
    large, cut, not JSON, a key that is unknown, missing or named twice, a value of another type.
    """
    parsed = _parse(name, data)
    if not isinstance(parsed, dict) or parsed.get("schema") != SCHEMA:
        found = parsed.get("schema") if isinstance(parsed, dict) else None
        _wrong(name, "$.schema", f"must be {SCHEMA!r}, is {str(found)[:60]!r}")
    try:
        file = msgspec.convert(parsed, _File)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        _wrong(name, place.strip("`") or "$", message)
    return Baseline(
        findings=tuple(map(_known, file.findings)),
        tools=frozenset(tool.name for tool in file.tools),
        unread=frozenset(map(path_from_json, file.unread)),
        rules=file.gate.rulesets_digest,
    )


def _known(row: _Finding) -> Known:
    return Known(
        id=row.id,
        moved=row.fingerprints.moved_v1,
        family=row.family,
        path=path_from_json(row.path),
        line=row.line,
        severity=Severity[row.severity.upper()],
        title=row.title,
        tools=tuple(row.tools),
    )


def _parse(name: str, data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        _wrong(name, "$", f"larger than {MAX_BYTES:,} bytes")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"{name}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}",
            hint="The file may be cut. " + _HINT,
        ) from error
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        _wrong(name, "$", f"not valid JSON: {reason}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return plain


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _wrong(name: str, place: str, message: str) -> NoReturn:
    raise ConfigError(f"{name}: {place}: {message}", hint=_HINT)

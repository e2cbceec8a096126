"""Writing a shard report, and reading one that may be cut, edited or foreign."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from gate.core.evidence import canonical_json
from gate.core.scan import AreaHit, ScanReport, ScanStatus, ToolRun, Unscanned
from gate.core.shard import Part
from gate.pipeline.shards.schema import SCHEMA, Document
from gate.scanners.rows import corners, read_range, read_sighting, sighting_row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gate.pipeline.shards.schema import Side

#: Name of the environment variable with the secret that seals shard reports. Never an option: options are logged.
SECRET = "GATE_SHARD_KEY"
#: Larger files are no shard reports; a hundred thousand findings are below.
MAX_BYTES = 512 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What one runner scanned: `scan` says of what and with what, `files` are the paths that it had to scan.

    `left_open` says for people why it is incomplete; it is not written, for the report of all shards finds it again.
    """

    part: Part
    scan: Mapping[str, str]
    files: tuple[str, ...]
    runs: tuple[ToolRun, ...]
    left_open: tuple[str, ...] = ()


class Refused(ValueError):
    """Why a file cannot be used, in words that go on behind its name."""


def document(shard: Shard, secret: bytes) -> str:
    """Return the shard report as JSON text, sealed if there is a secret."""
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "shard": {"number": shard.part.number, "of": shard.part.of},
        "scan": dict(shard.scan),
        "files": list(shard.files),
        "tools": [
            {"head": _side(run.head), "base": None if run.base is None else _side(run.base)}
            for run in shard.runs
        ],
    }
    body |= {"digest": _digest(body), "seal": _seal(body, secret)}
    return json.dumps(body, sort_keys=True, separators=(",", ":")) + "\n"


def read(path: Path, secret: bytes) -> Shard:
    """Return the shard of a file. Raises Refused for a file that is not as `document` wrote it."""
    data = _bytes(path)
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("is cut off, or no shard report: it is not valid JSON") from None
    if not isinstance(body, dict) or not str(body.get("schema", "")).startswith("gate-shard/"):
        raise Refused("is no shard report: gate check --shard writes those")
    if body["schema"] != SCHEMA:
        raise Refused(f"was written by another version of gate: its schema is not {SCHEMA}")
    told, seal = body.pop("digest", None), body.pop("seal", None)
    if told != _digest(body):
        raise Refused("was changed after it was written: its digest is wrong")
    if secret and not (isinstance(seal, str) and hmac.compare_digest(seal, _seal(body, secret))):
        raise Refused(f"is not sealed with the secret in {SECRET}")
    if seal and not secret:
        # Its job has a secret, so whoever set that up counts on seals that nobody would look at here.
        raise Refused(f"is sealed, and there is no {SECRET} here to tell by whom")
    try:
        found = msgspec.convert({**body, "digest": told, "seal": seal}, Document)
        return Shard(
            part=Part.parse(f"{found.shard.number}/{found.shard.of}"),
            scan=found.scan,
            files=tuple(found.files),
            runs=tuple(
                ToolRun(head=_report(run.head), base=None if run.base is None else _report(run.base))
                for run in found.tools
            ),
        )
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        raise Refused(f"is no shard report of this version: {error}") from None


def _bytes(path: Path) -> bytes:
    try:
        # Not blocking: a pipe without a writer would stop the gate for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused("is no regular file")
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise Refused(f"is larger than {MAX_BYTES >> 20} MiB")
    return data


def _digest(body: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(_signed(body)).hexdigest()


def _seal(body: Mapping[str, Any], secret: bytes) -> str:
    return "hmac-sha256:" + hmac.new(secret, _signed(body), "sha256").hexdigest() if secret else ""


def _signed(body: Mapping[str, Any]) -> bytes:
    return canonical_json({key: value for key, value in body.items() if key not in ("digest", "seal")})


def _side(report: ScanReport) -> dict[str, Any]:
    return {
        "tool": report.tool,
        "version": report.version,
        "engine": report.engine,
        "status": report.status.value,
        "reason": report.reason,
        "required": report.required,
        "targets": report.targets,
        "scanned": report.scanned,
        "unscanned": [(miss.path, miss.reason) for miss in report.unscanned],
        "also_read": report.also_read,
        "errors": report.errors,
        "sightings": [(sighting.path, sighting_row(sighting)) for sighting in report.sightings],
        "area_hits": [(hit.path, hit.area, hit.rule_id, corners(hit.range)) for hit in report.area_hits],
        "seconds": report.seconds,
    }


def _report(side: Side) -> ScanReport:
    return ScanReport(
        tool=side.tool,
        version=side.version,
        engine=side.engine,
        status=ScanStatus(side.status),
        reason=side.reason,
        required=side.required,
        targets=tuple(side.targets),
        scanned=tuple(side.scanned),
        unscanned=tuple(Unscanned(path=path, reason=reason) for path, reason in side.unscanned),
        also_read=tuple(side.also_read),
        errors=tuple(side.errors),
        sightings=tuple(read_sighting(side.tool, path, list(row)) for path, row in side.sightings),
        area_hits=tuple(
            AreaHit(path=path, area=area, rule_id=rule, range=read_range(list(numbers)))
            for path, area, rule, numbers in side.area_hits
        ),
        seconds=side.seconds,
    )

"""One run, top to bottom: facts from the edges, the core's decision, a Run for the reports."""

from __future__ import annotations

from gate.pipeline.areas import areas
from gate.pipeline.authorship import authorship
from gate.pipeline.cache import secret as cache_secret
from gate.pipeline.check import check
from gate.pipeline.request import Progress, Request, utc_now
from gate.pipeline.scan import ScanResult, scan

__all__ = ["Progress", "Request", "ScanResult", "areas", "authorship", "cache_secret", "check", "scan", "utc_now"]

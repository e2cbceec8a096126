"""Evidence: digests of all that was seen, and (in `record`) what a verdict leaves behind."""

from gate.core.evidence.canonical import canonical_json, digest

__all__ = ["canonical_json", "digest"]

"""The form of an answer. There is deliberately no field for "false positive", "approved" or "safe"."""

from __future__ import annotations

from typing import Any

from gate.core.ai.verify import AREAS

_TEXT = {"type": "string"}
ANSWER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["review_id", "findings"],
    "properties": {
        "review_id": _TEXT,
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "file",
                    "line",
                    "severity",
                    "category",
                    "description",
                    "exploit_scenario",
                    "recommendation",
                    "confidence",
                    "quote",
                ],
                "properties": {
                    "file": _TEXT,
                    "line": {"type": "integer"},
                    "severity": {"enum": ["HIGH", "MEDIUM", "LOW"]},
                    "category": _TEXT,
                    "cwe": _TEXT,
                    "description": _TEXT,
                    "exploit_scenario": _TEXT,
                    "recommendation": _TEXT,
                    "confidence": {"type": "number"},
                    "quote": _TEXT,
                },
            },
        },
        "areas": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["area", "file", "line", "quote"],
                "properties": {
                    "area": {"enum": list(AREAS)},
                    "file": _TEXT,
                    "line": {"type": "integer"},
                    "quote": _TEXT,
                },
            },
        },
    },
}

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


def _built_in() -> dict[str, Any]:
    """The same for a prompt that is not ours: it bears no id, and tells itself what our prompt would say."""
    finding = ANSWER["properties"]["findings"]["items"]
    told = {
        "file": "Path as behind `+++ b/` of the diff.",
        "line": "Line number on the new side.",
        "category": "A short class such as sql-injection.",
        "cwe": "A number such as CWE-89.",
        "confidence": "How sure you are, from 0 to 1.",
        "quote": "One whole line of that file, copied character by character without the sign of the diff: "
        "the line that has to be changed. A finding whose quote does not stand in the file is thrown away.",
    }
    described = {
        name: {**kind, **({"description": told[name]} if name in told else {})}
        for name, kind in finding["properties"].items()
    }
    return {
        **ANSWER,
        "required": ["findings"],
        "properties": {"findings": {"type": "array", "items": {**finding, "properties": described}}},
    }


#: The form of an answer to the command that the CLI brings along.
BUILT_IN: dict[str, Any] = _built_in()

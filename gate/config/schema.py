"""JSON Schema of the policy file, for editors: `python -m gate.config.schema [FILE]` writes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from gate.config.keys import POLICY, VERSION

#: The copy that is shipped; a test compares it with what is generated.
SHIPPED = Path(__file__).with_name("policy.schema.json")


def policy_schema() -> dict[str, Any]:
    """Return the schema in draft 2020-12. It knows keys, types, ranges and words; that reviewers are listed
    humans, and what else holds between keys, only the gate itself checks.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ai-merge-gate:policy:v{VERSION}",
        "title": "ai-merge-gate policy",
        "description": "The policy file .gate.yml, read at the base commit of a change.",
        **POLICY.schema(),
    }


def write(path: Path) -> None:
    """Write the schema, in the order of the keys in the documentation."""
    path.write_text(json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)

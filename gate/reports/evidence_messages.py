"""Phrases about records of verdicts; part of `messages.PHRASES`."""

from __future__ import annotations

PHRASES: dict[str, str] = {
    "evidence.record": "Record",
    "evidence.by": "signed by {who}",
    "evidence.no_proof": "proves nothing",
    "evidence.none": "There is no record.",
    "n.records": "{n} record|{n} records",
    "evidence.proven": "{records}, signed by {who}",
    "evidence.chain": "The chain is whole: nothing before record {number} was altered or removed.",
    "evidence.end": "It ends with",
    "evidence.beginnings": "It has {n} beginnings: copies of the store were joined, or records were put in.",
    "evidence.more": "and {n} more",
    "evidence.good": "Verified.",
    "evidence.bad": "Not verified.",
}

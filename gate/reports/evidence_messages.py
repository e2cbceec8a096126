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
    "evidence.release": "Release {tag} of {repo}: {verdict}",
    "evidence.release.commit": "commit",
    "evidence.release.tree": "tree",
    "evidence.release.since": "compared with",
    "evidence.release.at": "verified at",
    "evidence.release.steps": "steps",
    "evidence.release.excused": "by {by} until {until}: {reason}",
    "evidence.release.signed": "The summary is signed by {who}.",
    "n.evidence.statements": "{n} statement|{n} statements",
    "evidence.release.rests": "It rests on {records} and {statements} in this file, all of them verified.",
    "evidence.release.rests_on_records": "It rests on {records} in this file, all of them verified.",
    "evidence.good": "Verified.",
    "evidence.bad": "Not verified.",
}

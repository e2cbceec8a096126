"""What the registry refuses, and what an overlay of a site can do."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gate.core.authorship import (
    AuthorVerdict,
    RegistryError,
    attribute_commit,
    build_registry,
    is_bot_identity,
)
from gate.core.authorship.patterns import PatternError, compile_pattern
from tests.rulesets_agents import kit

SIGNATURE: dict[str, Any] = {
    "id": "acme.coauthor.email",
    "field": "trailer.co-authored-by",
    "match": {"emails": ["bot@acme.example"]},
    "grade": "A",
    "role": "co_authored",
    "positive": ["Co-authored-by: Acme <bot@acme.example>"],
    "trap": ["Co-authored-by: Jane <jane@acme.example>"],
}


def document(*signatures: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "acme", "name": "Acme", "signatures": list(signatures), **more}


def changed(**changes: Any) -> dict[str, Any]:
    """The signature with other values; a value of `...` removes the key."""
    row = copy.deepcopy(SIGNATURE) | changes
    return {key: value for key, value in row.items() if value is not ...}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"id": "other.x"}, "must begin with 'acme.'"),
        ({"id": ...}, "id is missing"),
        ({"field": "files"}, "is no place to look at"),
        ({"grade": "D"}, "must be A, B, C or N"),
        ({"grade": False}, "must be A, B, C or N"),
        ({"role": "wrote"}, "must be one of authored, co_authored"),
        ({"role": None}, "must be one of authored, co_authored"),
        ({"names": "person"}, "the only value is 'model'"),
        ({"positive": ...}, "positive is missing"),
        ({"trap": []}, "trap is missing"),
        ({"trap": "text"}, "must be a list of texts"),
        ({"fallback": "yes"}, "must be true or false"),
        ({"since": 2}, "must be text"),
        ({"match": {}}, "at least one condition"),
        ({"match": {"mails": ["a@b.example"]}}, "unknown key 'mails'"),
        ({"match": {"emails": ["acme.example"]}}, "never a domain"),
        ({"match": {"emails": ["@acme.example"]}}, "never a domain"),
        ({"match": {"emails": ["*@acme.example"]}}, "never a domain"),
        ({"match": {"ids": [5]}}, "no address, slug, name or pattern"),
        ({"match": {"emails": ["a@b.example"], "ids": [5]}}, "needs slugs"),
        ({"match": {"slugs": ["a"], "ids": ["5"]}}, "account numbers"),
        ({"match": {"slugs": ["a+b"]}}, "is no account name"),
        ({"match": {"name": "Acme Agent"}}, "any_email must be true"),
        ({"match": {"name": "Claude", "any_email": True}}, "takes the name 'Claude' alone"),
        ({"match": {"name_pattern": "^Devin", "any_email": True}}, "takes the name 'Devin' alone"),
        ({"match": {"pattern": "^Gemini"}}, "takes the name 'Gemini' alone"),
        ({"match": {"pattern": r"@acme\.example>$"}}, "matches a mail domain"),
        ({"match": {"pattern": "Acme"}}, "is not anchored"),
        ({"match": {"any_of": []}}, "list of groups"),
        ({"match": {"any_of": [{"emails": ["a@b.example"]}], "name": "x"}}, "stand alone"),
        ({"match": {"emails": ["a@b.example"], "pattern": "^x"}}, "cannot be combined"),
        ({"field": "author", "match": {"pattern": "^x"}}, "use name_pattern"),
        ({"field": "trailer.acme-run"}, "use pattern"),
        ({"field": "trailer.reviewed-by", "match": {"pattern": "^Acme bot"}}, "never declares authorship"),
        ({"field": "body.line", "match": {"pattern": r"^\w+"}}, "four letters of fixed text"),
        ({"field": "body.line", "match": {"pattern": "^Made by Acme|^ab"}}, "four letters of fixed text"),
        ({"field": "body.line", "match": {"emails": ["a@b.example"]}}, "holds no pattern"),
        ({"field": "committer.name", "match": {"pattern": "^x y", "without": "author"}}, "only name fields"),
    ],
)
def test_a_wrong_signature_is_refused_by_name(changes, said):
    with pytest.raises(RegistryError) as error:
        build_registry([document(changed(**changes))])
    assert said in str(error.value)
    assert "acme" in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["text"], "not a mapping"),
        ([document(SIGNATURE, colour="red")], "unknown key 'colour'"),
        ([document()], "at least one signature"),
        ([document(SIGNATURE), document(SIGNATURE)], "two documents"),
        ([document(SIGNATURE, SIGNATURE)], "stands twice"),
        ([{"name": "x", "signatures": [SIGNATURE]}], "id is missing"),
        ([document("text")], "not a mapping"),
    ],
)
def test_a_wrong_document_is_refused(wrong, said):
    with pytest.raises(RegistryError, match=said):
        build_registry(wrong)


def test_two_roles_for_one_identity_are_refused():
    other = changed(id="acme.coauthor.again", role="assisted")
    with pytest.raises(RegistryError, match=r"acme\.coauthor\.email and acme\.coauthor\.again give"):
        build_registry([document(SIGNATURE, other)])
    build_registry([document(SIGNATURE, changed(id="acme.author.email", field="author", role="authored"))])


def test_two_roles_for_one_account_are_told_apart_by_number():
    def row(name: str, number: int, role: str) -> dict[str, Any]:
        return changed(id=f"acme.{name}", match={"slugs": ["acme"], "ids": [number]}, role=role)

    build_registry([document(row("a", 1, "assisted"), row("b", 2, "co_authored"))])
    with pytest.raises(RegistryError, match="different roles"):
        build_registry([document(row("a", 1, "assisted"), row("b", 1, "co_authored"))])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"versions": "1"}, "unknown key"),
        ({"version": 1}, "must be text"),
        ({"bots": {}}, "must be a list"),
        ({"bots": [{"slugs": ["a"]}]}, "id is missing"),
        ({"bots": [{"id": "a"}]}, "neither slugs, emails nor names"),
        ({"bots": [{"id": "a", "emails": ["example.org"]}]}, "never a domain"),
        ({"bots": ["a"]}, "not a mapping"),
    ],
)
def test_a_wrong_list_of_bots_is_refused(wrong, said):
    with pytest.raises(RegistryError, match=said):
        build_registry([], bots=wrong)


def test_an_overlay_adds_and_disables_and_says_so():
    overlay = {
        "agents": [document(SIGNATURE)],
        "disable": ["cursor.assisted-by.text"],
        "bots": ["acme-deploy"],
        "noreply_hosts": ["git.acme.example"],
    }
    registry = build_registry(kit.documents(), bots=kit.bots(), overlay=overlay)
    assert registry.added == ("acme.coauthor.email",)
    assert registry.disabled == ("cursor.assisted-by.text",)
    assert registry.digest != kit.registry().digest
    found = attribute_commit(kit.commit(kit.trailer("Co-authored-by: Acme <bot@acme.example>")), registry)
    assert found.agents == ("acme",)
    assert (
        attribute_commit(kit.commit(kit.trailer("Assisted-by: Cursor")), registry).verdict
        is AuthorVerdict.UNDECLARED
    )
    assert is_bot_identity("x", "acme-deploy@users.noreply.git.acme.example", registry)
    assert is_bot_identity("x", "7+acme-deploy[bot]@users.noreply.github.com", registry)
    found = attribute_commit(kit.commit(author="x <claude[bot]@users.noreply.git.acme.example>"), registry)
    assert found.agents == ("claude-code",)


def test_an_overlay_may_add_to_a_shipped_agent():
    row = changed(id="cursor.coauthor.acme")
    registry = build_registry(
        kit.documents(), overlay={"agents": [{"id": "cursor", "name": "Cursor", "signatures": [row]}]}
    )
    found = attribute_commit(kit.commit(kit.trailer("Co-authored-by: x <bot@acme.example>")), registry)
    assert found.agents == ("cursor",)


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        ({"agent": []}, "unknown key 'agent'"),
        ({"agents": {}}, "must be a list"),
        ({"disable": ["no.such"]}, "which is no signature"),
        ({"bots": "x"}, "must be a list"),
        ({"noreply_hosts": [1]}, "must be a list"),
    ],
)
def test_a_wrong_overlay_is_refused(overlay, said):
    with pytest.raises(RegistryError, match=said):
        build_registry(kit.documents(), overlay=overlay)


@pytest.mark.parametrize(
    "pattern",
    [
        "^Claude Code",
        " via Crush$",
        r"^a+$",
        r"^\w{1,40}: x",
        "^(a|b)?c",
        r"^[^\]]*x",
        r"^\[a\]\(b",
        "^x|y$",
        "^{a}",
    ],
)
def test_patterns_of_the_subset_are_taken(pattern):
    assert compile_pattern(pattern).regex.pattern == pattern


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("Claude", "not anchored"),
        ("^a|b", "not anchored"),
        ("(^a)", "not anchored"),
        ("^(?=a)", "look-around"),
        ("^(?<!a)b", "look-around"),
        ("^(?i:a)", "look-around"),
        ("^(?P<a>b)", "look-around"),
        (r"^(a)\1", "back-reference"),
        (r"^\x41", "escape"),
        ("^(a+)?b", "holds a quantifier"),
        ("^((a?)b)?c", "holds a quantifier"),
        ("^(a|a)*b", "takes only"),
        ("^(a|ab){0,50}c", "takes only"),
        ("^a*a*b", "too many of"),
        ("^a{1,}b{2,}", "too many of"),
        ("a*b$", "too many of"),
        ("^.{0,200}.{0,200}x", "optional parts"),
        (".{0,900}x$", "optional parts"),
        ("^(a", "no regular expression"),
        ("^[a", "no regular expression"),
        ("^a{99999999999999999999}", "no regular expression"),
    ],
)
def test_other_patterns_are_refused_with_the_reason(pattern, said):
    with pytest.raises(PatternError, match=said):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        (r"^💘 Generated with (Crush$|\[Crush\]\()", ("💘 generated with ",)),
        (r"^(x )?Made by Acme", ("made by acme",)),
        (r"^abc?def|^\d+$", ("def", "")),
        (r"^https://a\.b/c_\w+$", ("https://a.b/c_",)),
    ],
)
def test_the_text_that_an_alternative_needs(pattern, needles):
    assert compile_pattern(pattern).needles == needles


def test_names_of_tools_in_notes_belong_to_one_agent_each():
    one = document(SIGNATURE, note_tools=["acme", "acme-cli"])
    other = document(changed(id="zeta.x"), id="zeta", note_tools=["zeta"])
    assert build_registry([one, other]).note_tools == {"acme": "acme", "acme-cli": "acme", "zeta": "zeta"}
    assert build_registry([one]).digest != build_registry([document(SIGNATURE)]).digest
    with pytest.raises(RegistryError, match="agent zeta: note_tools names 'acme', as acme does"):
        build_registry([one, other | {"note_tools": ["acme"]}])
    with pytest.raises(RegistryError, match="agent acme: note_tools must be a list of texts"):
        build_registry([document(SIGNATURE, note_tools="acme")])


def test_a_site_adds_names_of_tools_to_an_agent():
    more = document(changed(id="acme.site"), note_tools=["our-acme"])
    built = build_registry([document(SIGNATURE, note_tools=["acme"])], overlay={"agents": [more]})
    assert built.note_tools == {"acme": "acme", "our-acme": "acme"}

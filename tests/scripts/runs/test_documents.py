"""The door that all files pass which are read back: what it lets through, and what it says."""

from __future__ import annotations

import json
import os

import jsonschema
import pytest

from suite.runs import documents
from suite.runs.documents import Refused
from synthetic_run import two_examples

KINDS = sorted(file.name.partition(".")[0] for file in documents.SCHEMAS.glob("*.schema.json"))


def nodes(schema, path: str = "#"):
    """All schemas within a schema, with their places."""
    if isinstance(schema, dict):
        yield path, schema
        for name, member in schema.items():
            yield from nodes(member, f"{path}/{name}")
    elif isinstance(schema, list):
        for number, member in enumerate(schema):
            yield from nodes(member, f"{path}/{number}")


def unbounded(path: str, node: dict):
    """What a schema forgets to bound."""
    named = node.get("type", ())
    kinds = {named} if isinstance(named, str) else set(named)
    # A condition admits nothing; members may be called "type".
    if path.endswith(("/if", "/properties")):
        return
    bounded = "enum" in node or "const" in node
    if "string" in kinds and not bounded and "maxLength" not in node:
        yield f"{path}: a text of any length"
    if "array" in kinds and "maxItems" not in node:
        yield f"{path}: a list of any length"
    if kinds & {"number", "integer"} and not {"minimum", "maximum"} <= {*node}:
        yield f"{path}: a number of any size"
    closed = node.get("additionalProperties") is False
    if (
        "object" in kinds
        and not closed
        and not {"maxProperties", "additionalProperties"} <= {*node}
    ):
        yield f"{path}: an object of anything"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_schema_is_without_bounds(kind):
    schema = documents.schema(kind)
    assert [fault for path, node in nodes(schema) for fault in unbounded(path, node)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_and_every_reference_leads_somewhere(kind):
    schema = documents.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path, node in nodes(schema):
        target = node.get("$ref")
        if isinstance(target, str):
            found = schema
            for part in target.removeprefix("#/").split("/"):
                assert part in found, f"{path}: {target}"
                found = found[part]


def refusal(content: bytes | str, kind: str = "pictures") -> str:
    content = content.encode() if isinstance(content, str) else content
    with pytest.raises(Refused) as caught:
        documents.parsed(content, kind, "it.json")
    assert str(caught.value).startswith("it.json: ")
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix("it.json: ")


def test_what_is_sound_passes():
    assert documents.parsed(b'{"seconds_each": 0.5}', "pictures", "it.json") == {
        "seconds_each": 0.5
    }


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "not strict JSON: Expecting value"),
        ("{", "not strict JSON: Expecting property name"),
        ('{"seconds_each": NaN}', "not strict JSON: NaN is not JSON"),
        ('{"seconds_each": -Infinity}', "not strict JSON: -Infinity is not JSON"),
        ('{"seconds_each": 1e400}', "not strict JSON: 1e400 is beyond all numbers"),
        ('{"seconds_each": ' + "9" * 5000 + "}", "not strict JSON: a number of 5000 digits"),
        ('{"seconds_each": 1, "seconds_each": 2}', "'seconds_each' stands twice in one object"),
        ('{"seconds_each": "\\ud800"}', "not strict JSON: a text holds half a character"),
        (b"\xff\xfe", "cannot be read: byte 1 is no UTF-8"),
        ('\ufeff{"seconds_each": 1}', "not strict JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ("[" * 500_000, "holds more values than any file of the suite"),
        ("{}", "'seconds_each' is missing"),
        ('{"seconds_each": 1, "more": 2}', "'more' is not known"),
        ('{"seconds_each": -1}', "'seconds_each' must be at least 0, but is -1"),
        ('{"seconds_each": 1e19}', "'seconds_each' must be at most 1e+18, but is 1e+19"),
        ('{"seconds_each": "\\u001b[31m"}', "'seconds_each' must be a number, but is '�[31m'"),
        ('{"seconds_each": true}', "'seconds_each' must be a number, but is true"),
        ('{"seconds_each": [1]}', "'seconds_each' must be a number, but is a list of 1"),
        ("3", "the whole must be an object, but is 3"),
    ],
)
def test_what_is_not_sound_is_refused_in_one_sentence(content, complaint):
    assert complaint in refusal(content)


def test_a_place_is_told_from_the_inside_out_and_by_the_names_of_entries():
    document = two_examples().document()
    document["rows"][3]["samples"][0]["seconds"] = -1
    said = refusal(json.dumps(document), "run")
    assert said == (
        "'seconds' of entry 1 of 'samples' of entry 4 (one_array) of 'rows' "
        "must be at least 1e-15, but is -1"
    )


def test_a_member_that_a_place_cannot_spell_is_told_all_the_same():
    told = {"a.b[0]{x}": "long"}
    assert refusal(json.dumps(told), "problems").startswith("'a.b[0]{x}' must be a number")


def test_a_quoted_text_is_no_longer_than_a_line():
    assert len(refusal(json.dumps({"x" * 1_000_000: 1}))) < 200


def test_a_version_that_nobody_knows_is_told_before_all_else():
    assert refusal('{"schema_version": 2}', "run") == "schema_version is 2, these scripts read 1"


def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name, complaint in (
        ("nothing", "there is no such file"),
        ("folder", "cannot be read: it is a folder"),
        ("pipe", "cannot be read: it is a device or a pipe"),
        ("zero", "cannot be read: it is a device or a pipe"),
        ("x" * 300, "cannot be read: File name too long"),
    ):
        with pytest.raises(Refused) as caught:
            documents.read(tmp_path / name, "run")
        assert str(caught.value) == f"{tmp_path / name}: {complaint}"


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    file = tmp_path / "run.json"
    with open(file, "wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(
        Refused, match=r"is of 1\.00 TB, and no file of the suite is above 64\.0 MB"
    ):
        documents.read(file, "run")


def test_both_judges_of_schemas_agree_about_a_run():
    judge = jsonschema.Draft202012Validator(documents.schema("run"))
    document = two_examples().document()
    judge.validate(document)
    documents.checked(document, "run", "it.json")
    document["rows"][0]["check"]["passed"] = False
    assert not judge.is_valid(document)
    with pytest.raises(Refused, match="'passed' of 'check' of entry 1"):
        documents.checked(document, "run", "it.json")

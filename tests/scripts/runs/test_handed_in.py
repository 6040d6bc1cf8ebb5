"""What strangers hand in: every run is found, everything else is named, nothing is followed."""

from __future__ import annotations

import json

import pytest

from class_of_runs import archive, bomb, hostile_archives, small_run
from suite.runs import handed_in
from suite.runs.documents import Refused
from suite.runs.handed_in import Fault, HandedIn

ARCHIVES = hostile_archives()


def text(seed: int) -> bytes:
    return json.dumps(small_run(seed)).encode()


def names(place) -> list[str]:
    """Of the runs that are read."""
    told = [*handed_in.runs(place)]
    assert all(isinstance(each, HandedIn) for each in told), told
    return [each.name for each in told]


def faults(place) -> dict[str, str]:
    return {each.name: each.why for each in handed_in.runs(place) if isinstance(each, Fault)}


def test_runs_are_read_from_a_folder_of_files_and_of_folders(tmp_path):
    (tmp_path / "one.json").write_bytes(text(1))
    (tmp_path / "two" / "raw").mkdir(parents=True)
    (tmp_path / "two" / "run.json").write_bytes(text(2))
    (tmp_path / "three.zip").write_bytes(archive({"run.json": text(3), "README.txt": b"Hello."}))
    assert names(tmp_path) == ["one.json", "three.zip/run.json", "two/run.json"]


def test_what_lies_beside_a_run_json_and_belongs_to_it_is_no_fault(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "001.json").write_text("{}")
    for name in ("plan.json", "start.json", "threads.json", "report.html"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "run.json").write_bytes(text(1))
    (tmp_path / "run (1).json").write_bytes(text(2))
    assert names(tmp_path) == ["run (1).json", "run.json"]
    packed = tmp_path / "run.zip"
    packed.write_bytes(archive({"a/raw/1.json": b"{}", "a/run.json": text(1), "b.json": text(2)}))
    assert names(packed) == ["run.zip/a/run.json", "run.zip/b.json"]


def test_an_archive_of_what_each_handed_in_will_do(tmp_path):
    inner = {f"Ada_{n}/share.zip": archive({"run.json": text(n)}) for n in range(3)}
    packed = tmp_path / "class.zip"
    packed.write_bytes(archive(inner))
    assert names(packed) == [f"class.zip/Ada_{n}/share.zip/run.json" for n in range(3)]


@pytest.mark.parametrize("name", [*ARCHIVES])
def test_a_hostile_archive_gives_a_reason_and_no_run(tmp_path, name):
    packed = tmp_path / "packed.zip"
    packed.write_bytes(ARCHIVES[name])
    told = [*handed_in.runs(packed)]
    assert [type(each) for each in told] == [Fault]
    assert told[0].name.startswith("packed.zip")
    assert told[0].why and "\n" not in told[0].why
    assert [*tmp_path.iterdir()] == [packed]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("leads out 0", "has a name that leads out of the archive"),
        ("leads out 3", "has a name that leads out of the archive"),
        ("a link", "is a link, and none is followed"),
        ("a bomb", "is of more than 16.0 MB, and no run is"),
        ("encrypted", "is encrypted"),
        ("without a name", "has no name"),
        ("by another method", "is compressed in a way that is not read here"),
        ("thrice packed", "is an archive within an archive within an archive"),
        ("many entries", "is an archive of more than 20000 files"),
        ("no archive", "is no archive that can be read"),
        ("empty", "is an archive without a file"),
    ],
)
def test_the_reason_says_what_is_wrong(tmp_path, name, why):
    (tmp_path / "it.zip").write_bytes(ARCHIVES[name])
    assert [*faults(tmp_path).values()] == [why]


def test_no_link_of_a_folder_is_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "run.json").write_bytes(text(1))
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / "a.json").symlink_to(tmp_path / "elsewhere" / "run.json")
    (handed / "b").symlink_to(tmp_path / "elsewhere")
    (handed / "c.zip").symlink_to("c.zip")
    why = "is a link, and none is followed"
    assert faults(handed) == {"a.json": why, "b": why, "c.zip": why}


def test_only_so_many_files_and_bytes_are_read(tmp_path, monkeypatch):
    for number in range(5):
        (tmp_path / f"{number}.json").write_bytes(text(number))
    monkeypatch.setattr(handed_in, "MOST_FILES", 3)
    assert [type(each) for each in handed_in.runs(tmp_path)] == [HandedIn] * 3 + [Fault]
    monkeypatch.setattr(handed_in, "MOST_FILES", 100)
    monkeypatch.setattr(handed_in, "MOST_BYTES_IN_ALL", int(2.5 * len(text(0))))
    assert [type(each) for each in handed_in.runs(tmp_path)] == [HandedIn] * 2 + [Fault] * 3
    assert "all together" in faults(tmp_path)["4.json"]


def test_bombs_side_by_side_are_not_all_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "MOST_BYTES_IN_ALL", 20_000_000)
    (tmp_path / "bombs.zip").write_bytes(archive({f"{n}.zip": bomb(15_000_000) for n in range(4)}))
    told = faults(tmp_path)
    assert len(told) == 4
    assert sum("all together" in why for why in told.values()) == 3


def test_names_that_are_no_text_are_shown_all_the_same(tmp_path):
    name = b"\xff\x1b[31m.json"
    (tmp_path / "b").mkdir()
    with open(bytes(tmp_path / "b") + b"/" + name, "wb") as file:
        file.write(b"{")
    (shown,) = faults(tmp_path)
    assert shown.isprintable()
    shown.encode("utf-8")


def test_files_of_others_are_named_as_no_run(tmp_path):
    (tmp_path / "a.json").write_text('{"context": {}, "benchmarks": []}')
    (tmp_path / "b.pdf").write_text("%PDF")
    told = faults(tmp_path)
    assert told == {"a.json": "is no run of the suite", "b.pdf": "is neither a .json nor a .zip"}


def test_a_place_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="there is no such folder or file"):
        [*handed_in.runs(tmp_path / "nowhere")]

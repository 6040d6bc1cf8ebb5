"""The runs of a class as one page: small, whole, and named what could not be used."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="jinja2 is not installed")

from class_of_runs import hand_in_hostile, perturbed, small_run
from suite.cli import main
from suite.judge import classes
from suite.pages import class_page, share
from suite.pages.class_page import Axis
from suite.runs import results
from suite.runs.untrusted import FORMULAS

REFERENCE = sorted(results.RESULTS.glob("reference/*/run.json"))[0]
MOST_BYTES = 5_000_000


def gathered(*documents: dict) -> class_page.Gathered:
    members = (classes.member(results.read(document)) for document in documents)
    return class_page.Gathered(classes.of(members), [])


class Words(HTMLParser):
    """All text of a page, and the labels of its pictures."""

    def __init__(self, page: str):
        super().__init__()
        self.texts: list[str] = []
        self.labels: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.labels += [value for name, value in attrs if name == "aria-label"]

    def handle_data(self, data):
        self.texts.append(" ".join(data.split()))


def test_a_class_of_30_is_one_page_of_less_than_5_megabytes(tmp_path):
    whole = results.load(REFERENCE).document
    handed = tmp_path / "handed"
    for seed in range(30):
        share.write(results.read(perturbed(whole, seed)), output=handed / f"{seed}.zip")
    page = tmp_path / "class.html"
    assert main(["class", str(handed), "-o", str(page)]) == 0
    assert page.stat().st_size < MOST_BYTES
    text = page.read_text(encoding="utf-8")
    words = Words(text)
    assert "A class of 30 machines" in words.texts
    measured = sum(row["status"] == "ok" for row in whole["rows"])
    assert words.tags.count("circle") == 30 * measured
    assert "http:" not in text and "https:" not in text


def test_200_hostile_files_leave_a_page_and_each_is_named_with_its_reason(tmp_path, capsys):
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / "sound.json").write_text(json.dumps(small_run(1)))
    names = hand_in_hostile(handed, 200)
    assert len(names) >= 200
    before = sorted(tmp_path.rglob("*"))
    page = tmp_path / "class.html"
    assert main(["class", str(handed), "-o", str(page)]) == 0
    assert sorted(tmp_path.rglob("*")) == sorted([*before, page])
    assert page.stat().st_size < MOST_BYTES
    told = class_page.gather(handed)
    # Some damage leaves a run as sound as it was; whatever is no member is named.
    assert len(told.whole.members) + len(told.faults) == len(names)
    unused = {fault.name.partition("/")[0] for fault in told.faults}
    assert len(unused) > 0.8 * len(names)
    words = Words(page.read_text(encoding="utf-8"))
    for fault in told.faults:
        assert " ".join(fault.name.split()) in words.texts
        assert " ".join(fault.why.split()) in words.texts
    assert words.tags.count("script") == 2
    assert not {"img", "iframe"} & {*words.tags}
    said = capsys.readouterr().out
    assert said.count("not used: ") == class_page.MOST_NAMED + 1
    assert f"{len(told.faults) - class_page.MOST_NAMED} more, which the page names" in said
    assert "\x1b" not in said


def test_the_table_of_a_class_holds_no_formula():
    document = small_run(1)
    for row in document["rows"]:
        if row["interpreter"]:
            row["interpreter"]["implementation"] = "=1+1"
    other = perturbed(document, 2)
    table = class_page.as_csv(gathered(document, other).whole)
    header, *rows = csv.reader(io.StringIO(table))
    assert header == class_page.COLUMNS
    assert any("=1+1" in cell for row in rows for cell in row)
    assert not any(cell.startswith(FORMULAS) for row in rows for cell in row)


def test_a_run_handed_in_twice_counts_once(tmp_path):
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(small_run(1)))
    told = class_page.gather(tmp_path)
    assert len(told.whole.members) == 1
    assert [(f.name, f.why) for f in told.faults] == [("b.json", "is the same run as another file")]


def test_a_folder_without_a_run_is_refused_in_one_sentence(tmp_path, capsys):
    (tmp_path / "a.json").write_text("{")
    assert main(["class", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "holds no run that can be read, a.json: not strict JSON" in error
    assert error.count("\n") == 1


def test_without_a_folder_nothing_is_read(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["class", ""])
    assert ended.value.code == 2
    assert "name what was handed in: DIR=<folder or .zip>" in capsys.readouterr().err


def test_no_host_is_named_on_the_page_whatever_was_handed_in():
    page = class_page.as_page(gathered(small_run(1), small_run(2)))
    assert "host-" not in page


def test_a_name_that_its_owner_gave_stands_beside_the_animal():
    told = gathered(small_run(1, shared_as="Ada & Bob"), small_run(2))
    words = Words(class_page.as_page(told))
    assert any(text.endswith(" (Ada & Bob)") for text in words.texts)


def test_rows_that_a_page_has_no_room_for_are_counted(monkeypatch):
    told = gathered(*(small_run(seed) for seed in range(1, 4)))
    monkeypatch.setattr(class_page, "MOST_DOTS", 30)
    words = Words(class_page.as_page(told))
    assert words.tags.count("circle") == 30
    missing = len(told.whole.rows) - 10
    text = f"{missing} rows of fewest machines left out: a page has no room for more."
    assert text in words.texts


@pytest.mark.parametrize("speed", [1e-200, 1e-3, 0.9, 1.0, 1.1, 1e3, 1e200])
def test_every_dot_is_within_its_strip(speed):
    axis = Axis(2.0)
    assert class_page.LEFT <= axis.share(speed) <= class_page.RIGHT
    assert axis.beyond(speed) == (speed > 2 or speed < 0.5)


def test_one_machine_far_away_does_not_make_the_others_one_dot():
    documents = [small_run(seed) for seed in range(1, 60)]
    mad = small_run(99, slower=1e9)
    assert Axis.of(gathered(*documents, mad).whole.rows).reach <= 4.0


def test_the_command_writes_beside_the_runs_of_the_project(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(class_page, "CLASSES", tmp_path / "classes")
    handed = tmp_path / "Spring School"
    handed.mkdir()
    for seed in (1, 2):
        (handed / f"{seed}.json").write_text(json.dumps(small_run(seed)))
    assert main(["class", str(handed)]) == 0
    page = Path(capsys.readouterr().out.splitlines()[-1])
    assert page.parent == tmp_path / "classes"
    assert page.name.startswith("spring-school")

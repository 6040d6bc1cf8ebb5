"""Machines side by side in a terminal, a page, Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from damaged_files import WHOLE_CONTENTS, damaged
from suite.cli import main
from suite.judge.comparison import compared
from suite.pages import comparison_files, comparison_screen, comparison_words
from suite.runs import results, timings
from suite.runs.documents import Refused
from suite.runs.timings import Timing, Timings
from synthetic_run import SCRIPTS, scripted, two_examples, with_myths


def machine(name: str, seed: int, slower: float = 1.0, rungs=None, **facts) -> Timings:
    """A quiet machine on which all rungs, or some, take so many times as long."""
    builder = two_examples(7, seed, 0.005)
    for row in builder.rows:
        for sample in row["samples"]:
            sample["seconds"] *= slower if rungs is None or row["rung"] in rungs else 1.0
    document = with_myths(builder)
    document["machine"] = {**document["machine"], "name": name, **facts}
    return timings.of_run(results.read(document))


def sides(*machines: Timings):
    return machines, compared(machines)


def screen(*machines: Timings) -> list[str]:
    return comparison_screen.screen(*sides(*machines), None)


def test_the_first_ten_lines_say_who_is_faster_by_how_much_how_sure_and_at_what_not():
    slow = machine("laptop", 1, 2.0)
    fast = machine("node", 2, 4.0, ["row_buffer"])
    first = " ".join(screen(slow, fast)[:10])
    assert first.startswith("node is 1.9")
    first = " ".join(first.split())
    assert "as fast as laptop, in the geometric mean of 102 common rows." in first
    assert re.search(r"node is slower in 3 rows \(dummy_objects\), by up to 2\.0\d ×\.", first)
    assert "How sure: differences below" in first


@pytest.mark.parametrize("count", [2, 3, 4, 9])
def test_a_screen_has_40_lines_of_80_columns_at_most_whatever_the_names(count):
    facts = {"os": "漢" * 90, "power": "b" * 200, "governor": "g" * 90, "kernel": "k" * 99}
    machines = [
        machine(f"{'m' * 60}{number}", number, 1 + number, **{**facts, "numa_nodes": number})
        for number in range(count)
    ]
    shown = screen(*machines)
    assert len(shown) <= 40
    from rich.cells import cell_len

    assert max(map(cell_len, shown)) <= 80
    assert any("does the answer depend on the machine?" in line for line in shown)


def test_where_the_base_is_the_faster_one_it_is_still_told_of_the_other_what_it_is_at():
    base, other = machine("node", 1), machine("laptop", 2, 2.0)
    rows = [replace(r, seconds=tuple(s / 9 for s in r.seconds)) for r in other.rows]
    mixed = [b if b.rung == "row_buffer" else a for a, b in zip(other.rows, rows)]
    first = " ".join(" ".join(screen(base, replace(other, rows=mixed))[:10]).split())
    assert first.startswith("node is 1.8")
    assert "laptop is faster in 3 rows (dummy_objects), by up to 4.5" in first


def test_verbose_tells_every_row():
    machines, besides = sides(machine("a", 1), machine("b", 2, 2.0))
    told = "\n".join(comparison_screen.every_row(besides))
    assert all(f"  {row.row.label}: " in told for row in besides[0].rows)
    assert "of peak" in told


def test_what_differs_between_passports_is_marked():
    base, other = machine("a", 1), machine("b", 2, kernel="6.9")
    told = {name: differs for name, _, differs in comparison_words.passports([base, other])}
    assert told["kernel"] and not told["compiler"]


@pytest.mark.parametrize(
    ("outcomes", "depends"),
    [
        (["true", "true"], "no"),
        (["true", "busted"], "yes"),
        (["true", "not-decided"], "not told"),
        (["true", "busted", "not-decided"], "yes"),
        (["true", None], "not told"),
    ],
)
def test_an_answer_depends_on_the_machine_only_where_two_are_decided_and_differ(outcomes, depends):
    cells = [outcome and {"outcome": outcome} for outcome in outcomes]
    assert comparison_words.depends(cells) == depends


def test_csv_and_json_hold_every_row_of_every_machine_and_only_finite_numbers(tmp_path):
    machines, besides = sides(machine("a", 1), machine("b", 2), machine("c", 3, 2.0))
    written = {f.suffix: f for f in comparison_files.write(machines, besides, tmp_path)}
    rows = list(csv.DictReader(io.StringIO(written[".csv"].read_text())))
    assert len(rows) == sum(len(each.rows) for each in besides)
    assert {row["machine"] for row in rows} == {"b", "c"}

    def refuse(word: str) -> None:
        raise AssertionError(word)

    told = json.loads(written[".json"].read_text(), parse_constant=refuse)
    assert [each["machine"] for each in told["besides"]] == ["b", "c"]
    (_, c) = told["besides"]
    assert c["mean"]["word"] == "slower"
    assert c["mean"]["low"] < 0.5 < c["mean"]["high"]
    assert len(c["rows"]) == len(besides[1].rows)


class Page(HTMLParser):
    """What a browser would run or fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes


@pytest.fixture(scope="module")
def hostile():
    spoilt = timings.of_run(results.read(scripted(two_examples())))
    others = [
        Timing("", name, "", seconds=(1.0,) * 7, made_by=name, reason=name) for name in SCRIPTS
    ]
    foreign = Timings(SCRIPTS[1], SCRIPTS[2], "pyperf", {"name": "x", "os": SCRIPTS[3]}, others)
    slower = replace(
        foreign, name=SCRIPTS[4], rows=[replace(r, seconds=(2.0,) * 7) for r in others]
    )
    spoilt = replace(spoilt, name=SCRIPTS[0])
    return [sides(spoilt, replace(spoilt, name=SCRIPTS[1])), sides(foreign, slower)]


@pytest.mark.parametrize("which", [0, 1])
def test_no_text_of_a_stranger_becomes_a_part_of_the_page(hostile, which):
    pytest.importorskip("jinja2")
    page = Page(comparison_files.as_page(*hostile[which]))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("href", "src")]
    assert all(value.startswith("#") for value in links)


@pytest.mark.parametrize("which", [0, 1])
def test_no_text_of_a_stranger_moves_the_cursor_or_breaks_a_line(hostile, which):
    machines, besides = hostile[which]
    lines = [
        *comparison_screen.screen(machines, besides, None),
        *comparison_screen.every_row(besides),
    ]
    assert not {"\x1b", "\x07", "\n", "\r", "\u202e"} & set("".join(lines))
    told = comparison_files.as_markdown(machines, besides)
    assert "\x1b" not in told
    assert "<script" not in told.replace("\\<script", "")


def written(tmp_path, *machines: Timings) -> list[str]:
    folders = []
    for each in machines:
        folders.append(tmp_path / each.name)
        results.write_json(folders[-1] / "run.json", each.run.document)
    return [*map(str, folders)]


def compare(tmp_path, *arguments: str) -> int:
    return main(["compare", *arguments, "-o", str(tmp_path / "out")])


def test_the_command_writes_four_files_and_prints_the_screen(tmp_path, capsys):
    pytest.importorskip("jinja2")
    runs = written(tmp_path, machine("a", 1), machine("b", 2, 2.0))
    assert compare(tmp_path, *runs) == 0
    assert {f.name for f in (tmp_path / "out").iterdir()} == {
        f"comparison.{form}" for form in ("html", "md", "csv", "json")
    }
    said = capsys.readouterr().out
    assert said.startswith("a is ")
    assert len(said.splitlines()) <= 40


@pytest.mark.parametrize(
    ("slower", "fail_on", "status"),
    [
        (1.2, "slower:5%", 1),
        (1.2, "slower:30%", 0),
        (1.0, "slower:5%", 0),
        (0.8, "slower:5%", 0),
        (0.8, "faster:5%", 1),
    ],
)
def test_fail_on_ends_with_1_only_where_a_row_surely_is_so_much_slower(
    tmp_path, capsys, slower, fail_on, status
):
    runs = written(tmp_path, machine("a", 1), machine("b", 2, slower, ["row_buffer"]))
    assert compare(tmp_path, *runs, "--fail-on", fail_on) == status
    said = capsys.readouterr().err
    assert ("dummy_objects/row_buffer" in said) == bool(status)


def test_fail_on_passes_nothing_where_nothing_can_be_compared(tmp_path, capsys):
    one, two = machine("a", 1), machine("b", 2, build={"compiler": "Clang 14.0"})
    for each in (one, two):
        rows = [row for row in each.run.document["rows"] if row["language"] == "c++"]
        each.run.document["rows"] = rows
    runs = written(tmp_path, one, two)
    assert compare(tmp_path, *runs, "--fail-on", "slower:5%") == 2
    assert "nothing can be compared" in capsys.readouterr().err
    told = (tmp_path / "out" / "comparison.md").read_text()
    assert "other compiler" in told


@pytest.mark.parametrize(
    "threshold", ["slower", "slower:5", "louder:5%", "slower:x%", "slower:-1%"]
)
def test_a_threshold_that_is_none_is_refused(tmp_path, capsys, threshold):
    with pytest.raises(SystemExit) as ended:
        compare(tmp_path, "a", "b", "--fail-on", threshold)
    assert ended.value.code == 2
    assert "write slower:5%" in capsys.readouterr().err


def test_one_run_alone_is_refused(tmp_path, capsys):
    assert compare(tmp_path, *written(tmp_path, machine("a", 1))) == 2
    assert "name two runs or more" in capsys.readouterr().err


def plain_files() -> dict[str, dict]:
    """Sound files of the tools whose times are read."""
    row = {"name": "sort/8", "run_name": "sort/8", "run_type": "iteration", "real_time": 3.5}
    context = {"host_name": "theirs", "num_cpus": 8, "date": "2026-11-22T14:00:00+00:00"}
    metadata = {"name": "sort", "hostname": "theirs", "python_version": "3.11.2 (64-bit)"}
    return {
        "google.json": {"context": context, "benchmarks": [{**row, "time_unit": "us"}]},
        "pyperf.json": {
            "version": "1.0",
            "metadata": metadata,
            "benchmarks": [{"runs": [{"warmups": [[1, 9.0]], "values": [1.5, 2.5]}] * 5}],
        },
    }


@pytest.mark.parametrize("file", ["google.json", "pyperf.json"])
def test_a_damaged_file_of_others_is_compared_as_it_is_or_refused_by_its_name(tmp_path, file):
    document = plain_files()[file]
    (tmp_path / "sound.json").write_text(json.dumps(document))
    read = refused = 0
    contents = [*damaged(document, 20180202, 4), *WHOLE_CONTENTS.items()]
    for damage, content in contents:
        (tmp_path / file).write_bytes(content)
        try:
            told = sides(*timings.load_all([str(tmp_path / n) for n in ("sound.json", file)]))
        except Refused as refusal:
            assert file in str(refusal), damage
            refused += 1
            continue
        read += 1
        assert len(comparison_screen.screen(*told, None)) <= 40
        json.dumps(comparison_files.as_document(*told), allow_nan=False)
        comparison_files.as_markdown(*told)
        comparison_files.as_csv(told[1])
    assert refused > read > 0

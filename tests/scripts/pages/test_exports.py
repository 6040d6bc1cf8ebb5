"""A run in the formats of other tools: each is read by a strict parser, or by the tool itself."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from suite.cli import EXPORTS, main
from suite.pages import exports
from suite.runs import documents, results, timings
from synthetic_run import PYPY, SCRIPTS, Builder, case, rung, scripted, two_examples

COMPARE = Path("/usr/share/benchmark/compare.py")  # where Debian's libbenchmark-tools has it
REFERENCE = results.RESULTS / "reference" / "epyc_zen4_2_cores"


def made_up() -> results.Run:
    """Six rounds of most rows, one of some, and rows that failed or were left out."""
    builder = two_examples(6)
    builder.rows[0]["samples"] = builder.rows[0]["samples"][:1]
    return results.read(builder.document())


def strict(text: str):
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def names(run: results.Run) -> list[str]:
    return [exports.name_of(row) for row in exports.timed(run)]


def test_every_format_that_the_command_names_is_there():
    assert EXPORTS == (*exports.FORMATS,)


def test_rows_have_names_of_their_own_even_under_interpreters_of_one_minor_version():
    other = {"implementation": "CPython", "version": "3.11.9", "gil": True, "guest": True}
    loop = {**rung("loop", 1, "src/a/01_loop.py", ""), "every_interpreter": True}
    builder = Builder(6).ladder("a", cases=[case("n:1", 1.0)], rungs=[loop])
    for interpreter in (None, other, {**PYPY, "guest": True}):
        builder.ok("a", "loop", "n:1", 1.0, interpreter=interpreter)
    run = results.read(builder.document())
    assert names(run) == [
        "a/loop/n:1/CPython 3.11.2",
        "a/loop/n:1/CPython 3.11.9",
        "a/loop/n:1/PyPy 3.9.16",
    ]
    assert len({row.key for row in timings.of_run(run).rows}) == 3


def test_github_gets_one_number_per_row_that_was_timed():
    run = made_up()
    told = strict(exports.github(run))
    assert [entry["name"] for entry in told] == names(run)
    first, second = told[:2]
    assert first["value"] == pytest.approx(run.rows[0].took() * 1e9)
    assert first["unit"] == "ns"
    assert "range" not in first
    assert second["range"].startswith("± ")
    assert second["extra"] == "6 rounds, CPython 3.11.2"


def test_bencher_gets_latencies_with_the_ends_of_their_intervals():
    run = made_up()
    told = strict(exports.bmf(run))
    assert [*told] == names(run)
    assert [*told.values()][0] == {"latency": {"value": pytest.approx(run.rows[0].took() * 1e9)}}
    for entry in [*told.values()][1:]:
        latency = entry["latency"]
        assert latency["lower_value"] <= latency["value"] <= latency["upper_value"]


def test_a_row_that_was_not_timed_is_a_line_of_the_table_with_its_reason():
    run = made_up()
    rows = list(csv.DictReader(io.StringIO(exports.table(run))))
    assert len(rows) == len(run.rows)
    left_out = [row for row in rows if row["status"] == "skipped"]
    assert left_out and all(row["reason"] and not row["seconds"] for row in left_out)


def test_markdown_has_a_table_for_every_case_that_was_measured():
    run = made_up()
    told = exports.markdown(run)
    measured = [g for ladder in run.ladders for g in results.groups(run, ladder) if g.measured]
    assert told.count("\n### ") == len(measured)
    assert told.count("| --- | --- | --- | --- |\n") == len(measured)


def test_our_own_reader_takes_the_export_for_pyperf(tmp_path):
    run = made_up()
    path = exports.write(run, "pyperf", tmp_path / "it.json")
    found = timings.load(str(path))
    assert {row.rung: row.seconds for row in found.rows} == {
        exports.name_of(row): tuple(row.round_seconds()) for row in exports.timed(run)
    }


def test_pyperf_compares_two_exports(tmp_path):
    pytest.importorskip("pyperf", reason="pyperf is not installed")
    for name, seed in (("a", 1), ("b", 2)):
        run = results.read(two_examples(7, seed).document())
        exports.write(run, "pyperf", tmp_path / f"{name}.json")
    command = [sys.executable, "-m", "pyperf", "compare_to", "a.json", "b.json", "--verbose"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "locator/fused/grid:small/events:1/threads:1" in said.stdout


@pytest.mark.parametrize("document", [two_examples(6).document(), scripted(two_examples(6))])
def test_the_parser_of_openmetrics_reads_every_sample(document):
    parser = pytest.importorskip(
        "prometheus_client.openmetrics.parser", reason="prometheus_client is not installed"
    )
    run = results.read(document)
    families = {f.name: f for f in parser.text_string_to_metric_families(exports.openmetrics(run))}
    seconds = families["mythbench_row_seconds"]
    assert (seconds.type, seconds.unit) == ("gauge", "seconds")
    told = [s.value for s in seconds.samples if s.labels["of"] == "median"]
    assert told == [row.took() for row in exports.timed(run)]
    assert len(seconds.samples) == 3 * len(told)
    (about,) = families["mythbench_run"].samples
    assert about.labels["machine"] == run.machine["name"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_finds_no_fault_with_the_metrics():
    text = exports.openmetrics(made_up()).removesuffix("# EOF\n")
    said = subprocess.run(
        ["promtool", "check", "metrics"], input=text, text=True, capture_output=True
    )
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("form", EXPORTS)
def test_no_text_of_a_stranger_is_markup_or_a_command_in_any_format(form):
    told = exports.FORMATS[form][0](results.read(scripted(two_examples(6))))
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
    if form in ("github", "bmf", "pyperf"):
        strict(told)
    if form == "md":
        for text in SCRIPTS[:3]:
            assert text not in told
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_the_command_writes_into_the_folder_of_the_run_and_says_where(tmp_path, capsys):
    results.write_json(tmp_path / "run.json", two_examples().document())
    assert main(["export", "--format", "bmf", "--run", str(tmp_path)]) == 0
    path = tmp_path.resolve() / "exports" / "bmf.json"
    assert capsys.readouterr().out == f"{path}\n"
    strict(path.read_text())


def test_another_format_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["export", "--format", "xml"])
    assert ended.value.code == 2
    assert "'xml' is none of github, bmf" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["cpp.json", "cpython-*.json"])
def test_upstreams_compare_reads_two_of_our_raw_files_as_they_are(tmp_path, ending):
    pytest.importorskip("scipy", reason="scipy is not installed, which compare.py imports")
    if not COMPARE.is_file():
        pytest.skip("libbenchmark-tools is not installed")
    by_name: dict[str, list[Path]] = {}
    for file in sorted((REFERENCE / "raw").glob(f"*_time_arrays_*_{ending}")):
        for row in documents.read_raw(file)["benchmarks"]:
            if "real_time" in row:
                by_name.setdefault(row["name"], []).append(file)
    name, files = next((n, files) for n, files in by_name.items() if len(files) > 1)
    command = [sys.executable, COMPARE, "--no-color", "benchmarks", *files[:2]]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert name in said.stdout

"""Times of anyone in one form: our runs, Google Benchmark's files, pyperf's."""

from __future__ import annotations

import json

import pytest

from suite.runs import results, timings
from suite.runs.documents import Refused
from synthetic_run import two_examples

CONTEXT = {
    "date": "2026-11-22T14:00:00+00:00",
    "host_name": "theirs",
    "num_cpus": 8,
    "caches": [{"type": "Data", "level": 1, "size": 32768, "num_sharing": 2}],
    "load_avg": [0.1, 0.2],
    "library_version": "v1.9.4",
    "json_schema_version": 1,
}


def entry(name: str, time: float, unit: str = "ns", **more) -> dict:
    return {"name": name, "run_name": name, "real_time": time, "time_unit": unit, **more}


def written(file, *rows: dict) -> str:
    file.write_text(json.dumps({"context": CONTEXT, "benchmarks": rows}))
    return str(file)


def pyperf(file, **changes) -> str:
    runs = [{"warmups": [[1, 9.0]]}, {"values": [1.0, 3.0, 2.0]}, {"values": [4.0]}]
    told = {
        "version": "1.0",
        "metadata": {"name": "sort", "hostname": "theirs", "python_version": "3.11.2 (64-bit)"},
        "benchmarks": [{"metadata": {"python_implementation": "cpython"}, "runs": runs}],
    }
    file.write_text(json.dumps({**told, **changes}))
    return str(file)


def seconds(found: timings.Timings) -> dict[str, tuple]:
    return {row.rung: row.seconds for row in found.rows}


def test_a_run_tells_one_time_per_round_and_why_there_is_none(tmp_path):
    builder = two_examples()
    results.write_json(tmp_path / "run.json", builder.document())
    found = timings.load(str(tmp_path))
    assert (found.name, found.kind) == ("made-up", "mythbench")
    assert len(found.rows) == len(builder.rows)
    fused = next(row for row in found.rows if row.rung == "fused" and row.threads == 2)
    assert len(fused.seconds) == 7
    assert (fused.case, fused.made_by) == ("grid:small/events:1", "GNU 12")
    left_out = next(row for row in found.rows if row.rung == "numba_talk")
    assert (left_out.seconds, left_out.reason) == ((), "numba is not installed")
    assert left_out.made_by == "CPython 3.11"


def test_a_rung_that_states_its_bound_tells_its_shares_of_peak_and_bandwidth(tmp_path):
    found = timings.of_run(results.read(two_examples().document()))
    fused = next(row for row in found.rows if row.rung == "fused" and row.threads == 1)
    items = 10_933
    computing = 8 * items / 2e10 + 4 * items / 4e10
    assert fused.of_peak == pytest.approx(computing / fused.median)
    assert fused.of_bandwidth == pytest.approx(1e6 / 1e10 / fused.median)
    assert next(row for row in found.rows if row.rung == "talk").of_peak is None


def test_repetitions_of_one_process_are_one_time_in_seconds(tmp_path):
    rows = [entry("sort/8", time, "us", run_type="iteration") for time in (3.0, 1.0, 2.0)]
    rows.append({**entry("sort/8", 99.0), "name": "sort/8_mean", "aggregate_name": "mean"})
    found = timings.load(written(tmp_path / "a.json", *rows))
    assert seconds(found) == {"sort/8": (pytest.approx(2e-6),)}
    assert found.machine["cpu"]["usable_cores"] == 8


def test_where_only_aggregates_were_written_the_median_counts(tmp_path):
    rows = [
        {
            **entry("sort", time),
            "name": f"sort_{kind}",
            "aggregate_name": kind,
            "run_type": "aggregate",
        }
        for kind, time in (("mean", 7.0), ("median", 5.0), ("cv", 0.1))
    ]
    assert seconds(timings.load(written(tmp_path / "a.json", *rows))) == {
        "sort": (pytest.approx(5e-9),)
    }


def test_rows_with_an_error_or_without_a_time_are_no_times(tmp_path):
    wrong = entry("a", 0.0, error_occurred=True, error_message="it broke")
    passed_over = entry("b", 0.0, skipped=True, skip_message="not here")
    fit = {"name": "c_BigO", "run_name": "c", "aggregate_name": "BigO", "real_coefficient": 2.5}
    found = timings.load(written(tmp_path / "a.json", wrong, passed_over, entry("d", 4.0), fit))
    assert seconds(found) == {"a": (), "b": (), "d": (pytest.approx(4e-9),)}
    assert [row.reason for row in found.rows] == ["it broke", "not here", ""]


def test_a_folder_of_google_benchmarks_files_is_so_many_rounds(tmp_path):
    for number, time in enumerate((3.0, 1.0, 2.0)):
        written(tmp_path / f"{number}.json", entry("sort", time), entry(f"only-{number}", 1.0))
    found = seconds(timings.load(str(tmp_path)))
    assert found["sort"] == tuple(pytest.approx(t * 1e-9) for t in (3, 1, 2))
    assert len(found["only-1"]) == 1


def test_each_run_of_pyperf_is_a_process_and_warmups_count_for_nothing(tmp_path):
    found = timings.load(pyperf(tmp_path / "p.json"))
    assert seconds(found) == {"sort": (2.0, 4.0)}
    assert found.rows[0].made_by == "CPython 3.11"
    assert found.name == "theirs"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"metadata": {"name": "sort", "unit": "byte"}}, "in the unit byte, not in seconds"),
        ({"metadata": {}}, "'name' is missing in entry 1 of 'benchmarks'"),
        ({"benchmarks": []}, "'benchmarks' must be a list of 1 or more"),
        ({"benchmarks": [{"runs": [{"values": [-1]}]}]}, "'values' of entry 1 of 'runs'"),
        ({"benchmarks": [{"runs": [{}]}, {"runs": [{}]}]}, "two of 'benchmarks' have one name"),
    ],
)
def test_a_file_of_pyperf_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path, changes, complaint
):
    with pytest.raises(Refused, match=complaint):
        timings.load(pyperf(tmp_path / "p.json", **changes))


@pytest.mark.parametrize("content", ["[]", "3", "{}", '{"name": "package.json"}'])
def test_a_file_of_no_kind_that_is_known_is_refused(tmp_path, content):
    (tmp_path / "it.json").write_text(content)
    with pytest.raises(Refused, match="Google Benchmark or one of pyperf"):
        timings.load(str(tmp_path / "it.json"))


def test_not_a_number_is_refused_as_google_benchmark_writes_it(tmp_path):
    (tmp_path / "a.json").write_text('{"context": {}, "benchmarks": [{"name": "a", "cv": NaN}]}')
    with pytest.raises(Refused, match="NaN is not JSON"):
        timings.load(str(tmp_path / "a.json"))


def test_two_runs_of_one_machine_have_two_names(tmp_path):
    for name, started in (("a", "2026-11-22T14:00:00Z"), ("b", "2026-11-22T14:03:00Z")):
        document = two_examples().document(started=started)
        results.write_json(tmp_path / name / "run.json", document)
    one, two = timings.load_all([str(tmp_path / "a"), str(tmp_path / "b")])
    assert (one.name, two.name) == ("made-up 2026-11-22 14:00", "made-up 2026-11-22 14:03")
    one, two = timings.load_all([str(tmp_path / "a")] * 2)
    assert one.name != two.name

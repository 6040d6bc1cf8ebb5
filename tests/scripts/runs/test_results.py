import errno
import json
import math

import pytest

from suite.runs import results
from suite.runs.documents import Refused
from synthetic_run import CPYTHON, PYPY, Builder, case, rung, two_examples


@pytest.fixture(scope="module")
def validator():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((results.RESULTS / "run.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def noting(document: dict) -> dict:
    """The first sample that holds notes."""
    samples = (sample for row in document["rows"] for sample in row["samples"])
    return next(sample for sample in samples if "notes" in sample)


def ladder_of_two(rounds: int = 5) -> Builder:
    builder = Builder(rounds)
    return builder.ladder(
        "sums",
        cases=[case(f"n:{n}/threads:{t}", n) for n in (10, 100) for t in (1, 2)],
        rungs=[
            rung("python_loop", 5, "src/sums/05_python_loop.py", "A loop."),
            rung("naive", 10, "src/sums/10_naive.cpp", "A loop."),
            rung("shared", 20, "src/sums/20_shared.cpp", "Shared out.", threaded=True),
        ],
    )


def test_a_run_as_the_suite_writes_it_follows_the_schema(validator):
    validator.validate(two_examples().document())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.update(schema_version=2),
        lambda d: d.update(extra=1),
        lambda d: d.pop("finished"),
        lambda d: d["rows"][0].pop("work"),
        lambda d: d["rows"][0].update(samples=[]),
        lambda d: d["rows"][0].update(status="skipped"),
        lambda d: d["rows"][0].update(reason="none"),
        lambda d: d["rows"][0]["samples"][0].update(seconds=0),
        lambda d: d["rows"][0]["samples"][0].update(second=1),
        lambda d: d["rows"][0]["check"].update(passed=False),
        lambda d: d["rows"][0].update(interpreter="CPython"),
        lambda d: d["ladders"][0]["claims"][0].pop("at_least"),
        lambda d: d["ladders"][0]["rungs"][0].update(number="05"),
        lambda d: d["machine"].pop("unknown"),
        lambda d: d["machine"]["ceilings"].pop("instruction_set"),
        lambda d: d["machine"]["ceilings"]["peaks"][0].update(f64_operations_per_second=0),
        lambda d: d["ladders"][1]["rungs"][-2]["bounds"].update(n={"flops": 1}),
        lambda d: noting(d)["notes"].update(build_seconds="long"),
    ],
)
def test_the_schema_rejects_what_a_run_is_not(validator, spoil):
    document = two_examples().document()
    spoil(document)
    assert not validator.is_valid(document)


def undescribed(schema: dict, path: str = ""):
    for name, member in schema.get("properties", {}).items():
        if "description" not in member and "$ref" not in member:
            yield f"{path}/{name}"
    for name, member in schema.items():
        # Conditions restrict members that are described where they are stated.
        if isinstance(member, dict) and name not in ("if", "then", "else"):
            yield from undescribed(member, f"{path}/{name}")


def test_the_schema_describes_every_member(validator):
    assert list(undescribed(validator.schema)) == []


def test_a_run_survives_being_written_and_read(tmp_path):
    document = two_examples().document()
    results.write_json(tmp_path / "run.json", document)
    run = results.load(tmp_path)
    assert run.document == document
    assert run.folder == tmp_path
    assert [ladder.example for ladder in run.ladders] == ["dummy_objects", "locator"]
    assert len(run.rows) == len(document["rows"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not strict JSON"),
        ("{", "not strict JSON"),
        ("[]", "the whole must be an object, but is a list of 0"),
        ('{"schema_version": NaN}', "NaN is not JSON"),
        ('{"schema_version": 1, "a": Infinity}', "Infinity is not JSON"),
        ('{"schema_version": 2}', "schema_version is 2, these scripts read 1"),
        ("{}", "'schema_version' is missing"),
        ('{"schema_version": 1}', "'run_id' is missing"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_that_names_it(tmp_path, text, complaint):
    file = tmp_path / "run.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"run\.json") as caught:
        results.load(file)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def repeated(entries: list) -> None:
    entries.append(entries[0])


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (
            lambda d: d["rows"][0].update(rung="nobody"),
            "entry 1 of 'rows': dummy_objects: no rung is called 'nobody'",
        ),
        (
            lambda d: d["rows"][2].update(example="nothing"),
            "entry 3 of 'rows': this run has no example called 'nothing'",
        ),
        (
            lambda d: d["rows"][0].update(case={"n": 3}),
            "entry 1 of 'rows': dummy_objects has no case n:3",
        ),
        (
            lambda d: d["rows"][0].update(language="c++"),
            "entry 1 of 'rows': numpy_one_array is not of the language c++",
        ),
        (
            lambda d: d["rows"][0].update(interpreter=None),
            "entry 1 of 'rows': a Python rung has an interpreter, and no other has one",
        ),
        (
            lambda d: repeated(d["rows"]),
            "there is another one of the same rung, case and interpreter",
        ),
        (lambda d: repeated(d["ladders"]), "two of 'ladders' are of one example"),
        (lambda d: repeated(d["ladders"][0]["rungs"]), "two of its rungs have one name"),
        (lambda d: repeated(d["ladders"][0]["cases"]), "two of its cases are the same"),
        (lambda d: repeated(d["ladders"][0]["claims"]), "there are two of this id"),
        (
            lambda d: d["ladders"][0]["claims"][0].update(of="nobody"),
            "dummy_objects: claims: claim 'row-temporary-memory': 'of': there is no rung 'nobody'",
        ),
        (
            lambda d: d["ladders"][0]["rungs"][0].update(bounds={"n:3": {}}),
            "dummy_objects: numpy_one_array names a case that is none: 'n:3'",
        ),
        (lambda d: d.update(finished="2026-11-22T13:59:59Z"), "'finished' is earlier"),
        (lambda d: d.update(started="2026-02-30T14:00:00Z"), "'2026-02-30T14:00:00Z' is no moment"),
        (
            lambda d: d["rows"][0]["layers"]["os"].update(
                resident={"seconds": [0.0], "bytes": [1, 2]}
            ),
            "entry 1 of 'rows': 'resident' has two lists of different length",
        ),
    ],
)
def test_a_run_whose_parts_do_not_fit_is_refused(tmp_path, spoil, complaint):
    document = two_examples().document()
    spoil(document)
    results.write_json(tmp_path / "run.json", document)
    with pytest.raises(Refused) as caught:
        results.load(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/run.json: ")
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match="there is no such file"):
        results.load(tmp_path / "nowhere" / "run.json")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "run.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="cannot be read"):
        results.load(tmp_path)


def test_a_value_that_is_not_finite_is_never_written(tmp_path):
    file = tmp_path / "run.json"
    results.write_json(file, {"kept": 1})
    with pytest.raises(ValueError, match="JSON"):
        results.write_json(file, {"lost": math.nan})
    assert json.loads(file.read_text()) == {"kept": 1}


def test_writing_leaves_nothing_else_behind_and_a_file_all_may_read(tmp_path):
    results.write_json(tmp_path / "deep" / "run.json", {"a": 1})
    assert [f.name for f in (tmp_path / "deep").iterdir()] == ["run.json"]
    assert (tmp_path / "deep" / "run.json").stat().st_mode & 0o400


def test_a_write_that_fails_keeps_the_old_file_and_no_other(tmp_path, monkeypatch):
    file = tmp_path / "run.json"
    results.write_text(file, "old")

    def full_disk(descriptor):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(results.os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        results.write_text(file, "new")
    assert file.read_text() == "old"
    assert [f.name for f in tmp_path.iterdir()] == ["run.json"]


def test_a_run_is_found_by_latest_by_id_by_folder_and_by_file(tmp_path):
    folder = tmp_path / "runs" / "20261122T140000Z_here"
    results.write_json(folder / "run.json", {})
    (tmp_path / "runs" / "latest").symlink_to(folder.name)
    for name in ("latest", folder.name, str(folder), str(folder / "run.json")):
        assert results.find_run(name, tmp_path) == folder


def test_a_run_kept_in_git_is_found_by_its_machine(tmp_path):
    results.write_json(tmp_path / "reference" / "laptop" / "run.json", {})
    assert results.find_run("laptop", tmp_path) == tmp_path / "reference" / "laptop"


def test_a_run_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match="no run yet"):
        results.find_run("latest", tmp_path)
    with pytest.raises(ValueError, match="no run 'yesterday'"):
        results.find_run("yesterday", tmp_path)


def test_repetitions_within_a_round_count_once():
    builder = ladder_of_two()
    row = builder.row("sums", "naive", "n:10/threads:1")
    row["samples"] = [
        {"round": number, "seconds": seconds}
        for number, seconds in ((1, 5.0), (0, 1.0), (0, 9.0), (0, 2.0), (2, 7.0))
    ]
    run = results.read(builder.document())
    assert run.rows[0].round_seconds() == [2.0, 5.0, 7.0]
    assert run.rows[0].seconds() == 5.0


def test_a_group_holds_all_threads_of_one_problem_in_the_order_of_the_ladder():
    builder = ladder_of_two()
    builder.ok("sums", "shared", "n:10/threads:2", 1e-6)
    builder.ok("sums", "naive", "n:10/threads:1", 1e-5)
    builder.ok("sums", "shared", "n:10/threads:1", 2e-6)
    builder.ok("sums", "naive", "n:100/threads:1", 1e-4)
    run = results.read(builder.document())
    small, large = results.groups(run, run.ladder("sums"))
    assert small.label == "n:10"
    assert results.bar_labels(small) == ["10 naive", "20 shared ×1", "20 shared ×2"]
    assert results.baseline(small) is None
    assert large.slug == "sums_n-100"
    assert (large.items, len(large.rows)) == (100, 1)


def test_the_baseline_is_what_the_example_states_measured_or_not():
    builder = ladder_of_two()
    builder.skipped("sums", "python_loop", "n:10/threads:1", "forecast 4.7 days", seconds=4e5)
    document = builder.ok("sums", "naive", "n:10/threads:1", 1e-5).document()
    for stated, measured in ((None, None), ("python_loop", None), ("naive", "naive")):
        if stated:
            document["ladders"][0]["baseline"] = stated
        run = results.read(document)
        (group,) = results.groups(run, run.ladder("sums"))
        found = results.baseline(group)
        assert (found and found.rung) == measured


def test_interpreters_are_named_only_where_there_are_several():
    builder = ladder_of_two().ok("sums", "python_loop", "n:10/threads:1", 1.0)
    run = results.read(builder.document())
    assert results.bar_labels(results.groups(run, run.ladders[0])[0]) == ["05 python_loop"]

    builder.ok("sums", "python_loop", "n:10/threads:1", 0.1, interpreter=PYPY)
    run = results.read(builder.document())
    labels = results.bar_labels(results.groups(run, run.ladders[0])[0])
    assert labels == ["05 python_loop (CPython 3.11)", "05 python_loop (PyPy 3.9)"]


def test_two_builds_of_one_version_are_told_apart():
    builder = ladder_of_two().ok("sums", "python_loop", "n:10/threads:1", 1.0)
    newer = {**CPYTHON, "version": "3.11.9"}
    builder.ok("sums", "python_loop", "n:10/threads:1", 1.0, interpreter=newer)
    run = results.read(builder.document())
    labels = results.bar_labels(results.groups(run, run.ladders[0])[0])
    assert labels == ["05 python_loop (CPython 3.11.2)", "05 python_loop (CPython 3.11.9)"]
    assert results.interpreter_label({**CPYTHON, "gil": False}) == "CPython 3.11, free-threaded"


def test_parameters_keep_the_order_in_which_the_example_states_them():
    builder = ladder_of_two().ok("sums", "naive", "n:10/threads:1", 1.0)
    document = builder.document()
    document["rows"][0]["case"] = {"threads": 1, "n": 10}
    document["ladders"][0]["cases"][0]["parameters"] = {"threads": 1, "n": 10}
    run = results.read(document)
    assert results.case_label(run.rows[0].case) == "n:10/threads:1"


def test_a_count_that_was_not_made_is_none():
    run = results.read(two_examples().document())
    row = run.rows[0]
    assert row.layer("os.minor_page_faults") is not None
    assert row.layer("os.no_such_count") is None
    assert row.layer("computer.cycles") is None


def test_the_limit_of_a_rung_is_the_time_of_its_operations_at_the_peak_of_as_many_threads():
    run = results.read(two_examples().document())
    rows = {row.threads: row for row in run.rows_of("locator", "fused") if row.items > 1e7}
    for threads, row in rows.items():
        expected = row.items * (8 / (threads * 2e10) + 4 / (threads * 4e10))
        assert row.limit == pytest.approx(expected)
    assert set(rows) == {1, 2}


def test_no_limit_is_known_without_a_bound_or_without_a_ceiling_of_so_many_threads():
    assert {
        row.limit for row in results.read(two_examples().document()).rows_of("locator", "talk")
    } == {None}
    document = two_examples().document()
    document["machine"]["ceilings"]["peaks"].pop()
    limits = {row.threads: row.limit for row in results.read(document).rows_of("locator", "fused")}
    assert limits[1] > 0
    assert limits[2] is None
    del document["machine"]["ceilings"]
    assert {row.limit for row in results.read(document).rows} == {None}


def limits_of_fused(bound: dict, change=lambda peak: None) -> dict:
    """By the number of threads, if each run needed no more than this."""
    document = two_examples().document()
    bounds = document["ladders"][1]["rungs"][-2]["bounds"]
    bounds.update((label, bound) for label in bounds)
    for peak in document["machine"]["ceilings"]["peaks"]:
        change(peak)
    return {row.threads: row.limit for row in results.read(document).rows_of("locator", "fused")}


def test_bytes_alone_are_no_limit_while_the_bandwidth_is_unknown():
    limits = limits_of_fused({"bytes": 1e6}, lambda peak: peak.pop("bandwidths"))
    assert limits == {1: None, 2: None}


@pytest.mark.parametrize(
    ("working_set", "rate"),
    [(0, 1e10), (1, 1e11), (32768, 1e11), (32769, 4e10), (37486592, 4e10), (37486593, 1e10)],
)
def test_bytes_come_from_the_nearest_level_that_holds_the_working_set(working_set, rate):
    limits = limits_of_fused({"bytes": 1e6, "working_set_bytes": working_set})
    assert limits[1] == pytest.approx(1e6 / rate)


def test_with_more_threads_their_caches_hold_more():
    limits = limits_of_fused({"bytes": 1e6, "working_set_bytes": 40000})
    assert limits == {1: pytest.approx(1e6 / 4e10), 2: pytest.approx(1e6 / 2e11)}


def test_of_computing_and_moving_the_longer_one_is_the_limit():
    moving = limits_of_fused({"f64_operations": 2e6, "bytes": 2e6})
    assert moving[1] == pytest.approx(2e6 / 1e10)
    computing = limits_of_fused({"f64_operations": 8e6, "bytes": 2e6})
    assert computing[1] == pytest.approx(8e6 / 2e10)
    any_port = limits_of_fused({"f64_operations": 8e6, "u64_operations": 15e6, "bytes": 2e6})
    assert any_port[1] == pytest.approx(15e6 / 3e10)


def test_notes_are_medians_over_rounds():
    builder = ladder_of_two(3).ok("sums", "naive", "n:10/threads:1", 1.0, notes={"steps": 1})
    for sample, steps in zip(builder.rows[0]["samples"], (7, 90, 8)):
        sample["notes"] = {"steps": steps}
    (row,) = results.read(builder.document()).rows
    assert row.notes() == {"steps": 8}

"""The program mythbench as a user meets it in a shell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from suite.machine import passport
from suite.measure.built import Suite

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("MYTHBENCH_PROGRAM", ROOT / "build" / "release" / "mythbench"))

pytestmark = pytest.mark.skipif(not PROGRAM.is_file(), reason=f"{PROGRAM} is not built")


KINDS = ("f64", "f32", "u64")
MEMORY = "triad in memory"
BOUND = {"bytes", "working_set_bytes"} | {f"{kind}_operations" for kind in KINDS}


def mythbench(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def strictly(text: str) -> object:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def benchmarks(tmp_path: Path, *arguments: str) -> list[dict]:
    out = tmp_path / "out.json"
    mythbench(f"--benchmark_out={out}", "--benchmark_out_format=json", *arguments)
    return strictly(out.read_text())["benchmarks"]


def test_list_names_every_rung_with_its_caption():
    catalogue = strictly(mythbench("--catalogue").stdout)
    listed = mythbench("--list").stdout
    for example in catalogue["examples"]:
        for rung in example["rungs"]:
            assert f"{rung['number']} {rung['name']}" in listed
            assert rung["caption"] in listed


@pytest.mark.parametrize(
    "setting",
    [
        {"OMP_PROC_BIND": "true"},
        {"OMP_PLACES": "{0}"},
        {"GOMP_CPU_AFFINITY": "0"},
        {"KMP_AFFINITY": "compact"},
        {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"},
    ],
)
def test_the_cores_that_may_be_used_are_those_of_the_system_whatever_openmp_binds(setting):
    calm = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "LD_"))}
    told = [
        subprocess.run([PROGRAM, "--catalogue"], env=env, capture_output=True, check=True).stdout
        for env in (calm, {**calm, **setting})
    ]
    assert told[0] == told[1]
    cores = len(os.sched_getaffinity(0))
    assert (f'"threads":{cores}' in told[0].decode().replace(" ", "")) or cores == 1


def test_the_catalogue_lists_the_rungs_of_an_example_in_the_order_of_their_files():
    for example in strictly(mythbench("--catalogue").stdout)["examples"]:
        folder = ROOT / "src" / example["name"]
        files = sorted(f"src/{example['name']}/{p.name}" for p in folder.glob("[0-9][0-9]_*"))
        assert [rung["file"] for rung in example["rungs"]] == files


def test_the_catalogue_says_how_the_program_was_built():
    build = strictly(mythbench("--catalogue").stdout)["build"]
    assert build["compiler"]
    assert build["build_type"]
    assert build["benchmark"]


def test_a_problem_file_is_written_once_and_kept(tmp_path: Path):
    arguments = ("--write-problem", "dummy_objects/n:1000", f"--problems={tmp_path}")
    path = Path(mythbench(*arguments).stdout.strip())
    written = path.stat().st_mtime_ns
    problem = strictly(path.read_text())
    assert problem["input"]["n"] == 1000
    assert len(problem["answer"]) == 2  # of two generators
    assert mythbench(*arguments).returncode == 0
    assert path.stat().st_mtime_ns == written
    assert sorted(path.parent.iterdir()) == [path, path.with_suffix(".twin.json")]


def test_a_damaged_problem_file_is_an_error_that_names_it(tmp_path: Path):
    arguments = ("--write-problem", "dummy_objects/n:1000", f"--problems={tmp_path}")
    path = Path(mythbench(*arguments).stdout.strip())
    path.write_text('{"answer": [1.0')
    rows = benchmarks(
        tmp_path, f"--problems={tmp_path}", "--benchmark_filter=dummy_objects/one_array/n:1000/"
    )
    assert str(path) in rows[0]["error_message"]


def test_a_rung_that_disagrees_with_the_answer_is_reported_and_never_timed(tmp_path: Path):
    written = mythbench("--write-problem", "dummy_objects/n:1000", f"--problems={tmp_path}")
    path = Path(written.stdout.strip())
    problem = json.loads(path.read_text())
    problem["answer"][0] += 1
    path.write_text(json.dumps(problem))
    arguments = (f"--problems={tmp_path}", "--benchmark_filter=dummy_objects/one_array/n:1000/")
    assert mythbench(*arguments).returncode == 1
    (row,) = benchmarks(tmp_path, *arguments)
    assert row["error_message"].startswith("wrong answer: error ")
    assert row["real_time"] == 0


def test_a_timed_row_carries_its_check_and_its_work(tmp_path: Path):
    (row,) = benchmarks(
        tmp_path, "--benchmark_filter=dummy_objects/one_array/n:1000/", "--benchmark_min_time=0.01"
    )
    assert row["name"] == "dummy_objects/one_array/n:1000/process_time/real_time"
    assert row["items"] == 1e6
    assert 0 <= row["check_error"] <= row["check_tolerance"]
    assert row["first_seconds"] > 0
    assert row["real_time"] > 0


def test_a_rung_is_run_as_often_as_it_is_told_to(tmp_path: Path):
    label = "dummy_objects/one_array/n:1000"
    (row,) = benchmarks(tmp_path, f"--benchmark_filter={label}/", f"--iterations={label}=3")
    assert row["iterations"] == 3
    assert row["name"] == f"{label}/iterations:3/process_time/real_time"
    assert 0 <= row["check_error"] <= row["check_tolerance"]


def test_the_case_that_does_not_fit_into_memory_is_refused_with_its_forecast(tmp_path: Path):
    available = int(
        next(
            line for line in Path("/proc/meminfo").read_text().splitlines() if "Available" in line
        ).split()[1]
    )
    if available > 90e6:
        pytest.skip("this machine has memory enough for the talk's own case")
    done = mythbench("--benchmark_filter=dummy_objects/one_array/n:100000/")
    assert "skipped: forecast 8" in done.stdout
    assert "GB of memory" in done.stdout
    assert done.returncode == 0


def test_the_case_that_would_take_too_long_is_refused_with_its_forecast():
    done = mythbench("--benchmark_filter=dummy_objects/one_array/n:4000/", "--max-seconds=0.001")
    assert "skipped: forecast" in done.stdout
    assert "per run" in done.stdout
    assert done.returncode == 0


def test_layers_are_counted_for_the_rungs_asked_for():
    label = "dummy_objects/one_array/n:1000"
    (counted,) = strictly(mythbench("--layers", label).stdout)
    assert counted["label"] == label
    counts = counted["layers"]["os"]
    used = counts["peak_resident_bytes"] - counts["baseline_resident_bytes"]
    assert used == pytest.approx(8e6, rel=0.2)


LIBRARY = Suite(PROGRAM.parents[2], PROGRAM.parent.name).counting_library
needs_library = pytest.mark.skipif(
    not LIBRARY.exists(), reason="nothing counts allocations here: not Linux, or a sanitizer"
)


def memory_of(*labels: str, library: Path | None = LIBRARY) -> list[dict]:
    preloaded = {"LD_PRELOAD": str(library)} if library else {}
    done = subprocess.run(
        [PROGRAM, "--layers", *labels],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **preloaded},
    )
    return [counted["layers"]["memory"] for counted in strictly(done.stdout)]


@needs_library
def test_arrays_are_counted_that_each_rung_of_dummy_objects_makes():
    rungs = ["one_array", "row_temporary", "row_buffer", "no_array", "simd"]
    counted = memory_of(*[f"dummy_objects/{rung}/n:1000" for rung in rungs])
    assert [memory["later_allocations"] for memory in counted] == [1, 1000, 1, 0, 0]
    assert [memory["later_allocated_bytes"] for memory in counted] == [8e6, 8e6, 8e3, 0, 0]
    for memory in counted:
        assert memory["first_allocations"] == memory["later_allocations"]


@needs_library
@pytest.mark.parametrize("name", ['it\'s a "checkout"', "für 測試", "a:b"])
def test_whatever_the_name_of_a_checkout_its_library_counts(tmp_path, name):
    suite = Suite(tmp_path / name, "release")
    suite.build.mkdir(parents=True)
    shutil.copy(LIBRARY, suite.build / "libcount_allocations.so")
    (memory,) = memory_of("dummy_objects/one_array/n:1000", library=suite.counting_library)
    assert memory["later_allocations"] == 1


def test_a_link_that_stands_for_the_library_goes_with_the_suite(tmp_path):
    suite = Suite(tmp_path / "a b", "release")
    link = suite.counting_library
    assert link.is_symlink()
    assert " " not in str(link)
    del suite
    assert not link.parent.exists()


@pytest.mark.parametrize("rung", ["no_array", "counter_based", "simd", "threads"])
def test_without_an_array_peak_memory_does_not_grow_by_a_megabyte(rung):
    """From a million numbers to four hundred million."""
    if not LIBRARY.exists():
        pytest.skip("a sanitizer keeps books about every byte")
    labels = [f"dummy_objects/{rung}/n:{n}" for n in (1000, 20000)]
    counted = strictly(mythbench("--layers", *labels).stdout)
    few, many = (each["layers"]["os"]["peak_resident_bytes"] for each in counted)
    assert abs(many - few) < 1e6


def test_an_array_of_all_numbers_grows_with_them():
    labels = [f"dummy_objects/one_array/n:{n}" for n in (1000, 4000)]
    counted = strictly(mythbench("--layers", *labels).stdout)
    few, many = (each["layers"]["os"]["peak_resident_bytes"] for each in counted)
    assert many - few > 100e6


@needs_library
def test_temporaries_are_counted_that_each_class_of_arrays_makes():
    def temporaries(expression: str, rung: str) -> float:
        (memory,) = memory_of(f"temporaries/{rung}/expression:{expression}/length:100000/threads:1")
        return memory["temporaries"]

    # a * x, b * y, and their sum; of the class that writes over them, b * y alone
    rungs = ["temporaries", "reused_temporaries", "preallocated", "fused"]
    assert [temporaries("linear", rung) for rung in rungs] == [3, 1, 0, 0]


def test_without_the_library_that_counts_allocations_the_layer_says_so():
    (memory,) = memory_of("dummy_objects/one_array/n:1000", library=None)
    assert "not loaded" in memory["unknown"]["first_allocations"]
    assert not any("allocat" in name for name in memory if name != "unknown")
    assert memory["later_page_faults"] >= 0


def counts_per_iteration(rung: str) -> dict[str, float]:
    few, many = (
        strictly(mythbench("--layers", f"bytecode/{rung}/n:{n}/start:0").stdout)[0]
        for n in (1000, 100000)
    )
    few, many = (counted["layers"]["interpreter"] for counted in (few, many))
    return {name: round((many[name] - few[name]) / 99000, 3) for name in few}


def test_each_interpreter_does_less_than_the_one_below_and_native_code_needs_none():
    rungs = ["names_in_dicts", "fast_locals", "threaded_code", "no_reference_counts", "unboxed"]
    rungs += ["quickened", "registers", "native", "closed_form"]
    counted = {rung: counts_per_iteration(rung) for rung in rungs}
    assert [counted[rung]["dispatches"] for rung in rungs] == [7, 7, 7, 7, 7, 3, 2, 0, 0]
    assert [counted[rung]["bytecodes"] for rung in rungs] == [7, 7, 7, 7, 7, 7, 2, 0, 0]
    assert [counted[rung]["name_lookups"] for rung in rungs] == [3] + 8 * [0]
    assert [counted[rung]["boxed_values"] for rung in rungs] == 4 * [2] + 5 * [0]
    assert counted["no_reference_counts"]["references_up"] == 0
    assert counted["threaded_code"] == counted["fast_locals"]
    assert counted["unboxed"]["type_checks"] < counted["no_reference_counts"]["type_checks"]
    assert not any(counted["native"].values())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--bogus"], "--bogus"),
        (["--benchmark_filter=nothing_is_called_so"], "nothing_is_called_so"),
        (["--layers", "dummy_objects/no_such/n:1000"], "'dummy_objects/no_such/n:1000'"),
        (["--write-problem", "no_such/n:1", "--problems=x"], "'no_such'"),
        (["--write-problem", "dummy_objects/n:999999", "--problems=x"], "'n:999999'"),
        (["--write-problem", "dummy_objects/n:1000"], "--problems"),
        (["--max-seconds=soon"], "--max-seconds"),
        (["--iterations=matmul/naive/n:64"], "--iterations needs <example>/<rung>/<case>=<n>"),
        (["--iterations=matmul/naive/n:63=3"], "'matmul/naive/n:63'"),
        (["--iterations=matmul/naive/n:64=few"], "'few' is no count of iterations"),
        (["--iterations=matmul/naive/n:64=0"], "'0' is no count of iterations"),
    ],
)
def test_bad_usage_is_one_sentence_and_status_2(arguments: list[str], complaint: str):
    done = mythbench(*arguments)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_flags_of_google_benchmark_work():
    listed = mythbench("--benchmark_list_tests").stdout.splitlines()
    assert "dummy_objects/one_array/n:1000/process_time/real_time" in listed
    timed = mythbench(
        "--benchmark_filter=dummy_objects/one_array/n:1000/",
        "--benchmark_min_time=0.01",
        "--benchmark_repetitions=3",
        "--benchmark_report_aggregates_only=true",
    )
    assert "_median" in timed.stdout


def test_bounds_are_stated_for_each_case_of_a_rung_or_for_none():
    stated = 0
    for example in strictly(mythbench("--catalogue").stdout)["examples"]:
        for rung in example["rungs"]:
            if "bounds" not in rung:
                continue
            stated += 1
            assert list(rung["bounds"]) == rung["cases"]
            bounds = rung["bounds"].values()
            for bound in bounds:
                assert set(bound) == BOUND
            # Of some cases nothing that a ceiling tells, such as those of an interpreter.
            sums = [(sum(bound.values()), bound["working_set_bytes"]) for bound in bounds]
            assert any(total > held for total, held in sums)
            assert all(total > held or not total for total, held in sums)
    assert stated > 0


def test_the_ceilings_are_measured_for_one_thread_and_for_all_or_left_out_with_the_reason():
    measured = strictly(mythbench("--ceilings").stdout)
    of_all = [each["threads"] for each in measured["ceilings"] if each["scope"] != "node"]
    assert of_all == sorted({1, passport.usable_cores()})
    sizes = [each["bytes"] for each in measured["latency"]]
    assert sizes == [4096 << step for step in range(len(sizes))]
    assert all(each["level"] and each["seconds"] > 0 for each in measured["latency"])
    for ceiling in measured["ceilings"]:
        for kind in KINDS:
            assert ceiling[f"{kind}_operations_per_second"] > 0
        lacking = [x["what"] for x in measured["left_out"] if x["threads"] == ceiling["threads"]]
        caches = [x for x in ceiling["bandwidths"] if x["level"] != "memory"]
        assert [cache["level"] for cache in caches] == sorted({c["level"] for c in caches})
        assert all(cache["holds_bytes"] > 0 for cache in caches)
        lacks_all = MEMORY in lacking
        memory = {x["stores"]: x for x in ceiling["bandwidths"] if x["level"] == "memory"}
        assert "ordinary" in memory or lacks_all
        assert "streaming" in memory or lacks_all or f"{MEMORY}, streaming stores" in lacking
        assert not any("holds_bytes" in entry for entry in memory.values())
        assert all(entry["bytes_per_second"] > 0 for entry in ceiling["bandwidths"])
    assert all(part["reason"] for part in measured["left_out"])


def processors_in(text: str) -> set[int]:
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return {number for span in ends for number in range(span[0], span[-1] + 1)}


def test_the_topology_names_who_may_be_used_and_of_whom_ceilings_are_measured():
    told = strictly(mythbench("--topology").stdout)
    topology, scopes = told["topology"], told["scopes"]
    shapes = strictly((ROOT / "results" / "run.schema.json").read_text())["$defs"]
    jsonschema.validate(topology, {**shapes["topology"], "$defs": shapes})
    assert processors_in(topology["usable"]) == os.sched_getaffinity(0)
    assert scopes[0]["scope"] == "core" and scopes[0]["threads"] == 1
    assert processors_in(scopes[-1]["processors"]) == os.sched_getaffinity(0)


def test_the_topology_is_that_of_all_processors_though_openmp_binds_the_first_thread():
    bound = {**os.environ, "OMP_PROC_BIND": "true", "OMP_PLACES": "cores"}
    assert mythbench("--topology", env=bound).stdout == mythbench("--topology").stdout


def test_of_a_machine_that_is_made_up_the_plan_is_that_of_its_core_node_and_all():
    told = mythbench("--made-up", "pack:2 node:4 l3:2(size=32MiB) l2:8(size=1MiB) l1:1 core:1 pu:1")
    if "without hwloc" in told.stderr:
        pytest.skip(told.stderr)
    topology, scopes = (strictly(told.stdout)[name] for name in ("topology", "scopes"))
    assert len(topology["nodes"]) == 8 and len(topology["cores"]) == 128
    assert [(s["scope"], s["threads"]) for s in scopes] == [
        ("core", 1),
        ("node", 16),
        ("machine", 128),
    ]
    megabyte = 1 << 20
    last = [scope["caches"][-1] for scope in scopes]
    # A core has one of the sixteen caches to itself, a node two of them, the machine all.
    assert [cache["holds_bytes"] for cache in last] == [m * megabyte for m in (32, 64, 512)]
    for scope in scopes:
        sizes = scope["memory_bytes"]
        assert sizes == sorted(sizes) and sizes[0] > scope["caches"][-1]["holds_bytes"]
        assert sizes[-1] <= max(512 * megabyte, scope["threads"] * 64 * megabyte)


def test_what_describes_no_machine_is_refused():
    refused = mythbench("--made-up", "a laptop")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1


def test_an_instruction_set_that_is_not_there_is_refused_with_those_that_are():
    refused = mythbench("--instruction-set=abacus", "--list")
    assert refused.returncode == 2
    assert refused.stderr.startswith("mythbench: there is no instruction set 'abacus'")

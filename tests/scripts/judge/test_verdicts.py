import copy
import json
import re
import subprocess
import sys

import pytest

from suite.judge import verdicts
from suite.runs import results
from synthetic_run import CPYTHON, PYPY, Builder, case, noise, rung, two_examples


def ladder(claim: dict, rounds: int = 7, noise: float = 0.005) -> Builder:
    return Builder(rounds, noise=noise).ladder(
        "sums",
        title="Sums are slow",
        cases=[case(f"n:{n}/threads:{t}", n) for n in (10, 1000) for t in (1, 2)],
        rungs=[
            rung("python_loop", 5, "src/sums/05_python_loop.py", "A loop."),
            rung("naive", 10, "src/sums/10_naive.cpp", "A loop."),
            rung("shared", 20, "src/sums/20_shared.cpp", "Shared out.", threaded=True),
        ],
        claims=[
            {"id": "faster", "says": "It is faster.", "of": "naive", "over": "shared", **claim}
        ],
    )


def times(builder: Builder, **seconds: float) -> Builder:
    for name, each in seconds.items():
        builder.ok("sums", name, "n:1000/threads:1", each)
    return builder


def verdict_of(builder: Builder) -> dict:
    (verdict,) = verdicts.decide(results.read(builder.document()))
    return verdict


def test_a_ratio_that_lies_within_its_bound_makes_the_claim_hold():
    verdict = verdict_of(times(ladder({"at_least": 5}), naive=10.0, shared=1.0))
    assert verdict["verdict"] == "holds"
    assert "reason" not in verdict
    assert verdict["ratio"]["low"] <= verdict["ratio"]["value"] <= verdict["ratio"]["high"]
    assert verdict["ratio"]["value"] == pytest.approx(10, rel=0.05)
    assert [e["rounds"] for e in verdict["evidence"]] == [7, 7]
    assert verdict["evidence"][0]["median_seconds"] == pytest.approx(10, rel=0.05)


def test_a_ratio_that_lies_outside_its_bound_makes_the_claim_fail():
    assert verdict_of(times(ladder({"at_least": 5}), naive=2.0, shared=1.0))["verdict"] == "fails"
    assert verdict_of(times(ladder({"at_most": 1.2}), naive=2.0, shared=1.0))["verdict"] == "fails"


def test_a_ratio_with_two_bounds_has_to_keep_both():
    within = {"at_least": 0.8, "at_most": 1.25}
    assert verdict_of(times(ladder(within), naive=1.0, shared=1.0))["verdict"] == "holds"
    assert verdict_of(times(ladder(within), naive=2.0, shared=1.0))["verdict"] == "fails"
    assert verdict_of(times(ladder(within), naive=0.5, shared=1.0))["verdict"] == "fails"


def test_an_interval_across_the_bound_decides_nothing():
    verdict = verdict_of(times(ladder({"at_least": 1}, noise=0.2), naive=1.0, shared=1.0))
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == "the interval reaches across the bound"


def on_a_machine_of(floor: float, builder: Builder) -> dict:
    document = builder.document()
    document["machine"]["noise"] = noise(floor)
    (verdict,) = verdicts.decide(results.read(document))
    return verdict


@pytest.mark.parametrize("bound", [{"at_least": 1}, {"at_most": 1}])
def test_a_ratio_nearer_to_its_bound_than_the_machine_s_noise_decides_nothing(bound):
    near = times(ladder(bound), naive=1.03, shared=1.0)
    assert on_a_machine_of(0.01, near)["verdict"] in ("holds", "fails")
    verdict = on_a_machine_of(0.08, near)
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == (
        "within noise of the bound: times differ by 8.0% for no reason here"
    )


def test_a_ratio_far_from_its_bound_is_decided_on_a_noisy_machine_too():
    far = times(ladder({"at_least": 1}), naive=1.3, shared=1.0)
    assert on_a_machine_of(0.08, far)["verdict"] == "holds"


@pytest.mark.parametrize(
    ("rounds", "words"), [(1, "1 round is"), (3, "3 rounds are"), (5, "5 rounds are")]
)
def test_too_few_rounds_decide_nothing(rounds, words):
    verdict = verdict_of(times(ladder({"at_least": 5}, rounds), naive=100.0, shared=1.0))
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == f"{words} too few for a 95 % interval: 6 are needed"


def test_the_interval_of_too_few_rounds_is_told_with_the_level_that_it_holds():
    def told(rounds: int) -> str:
        verdict = verdict_of(times(ladder({"at_least": 5}, rounds), naive=100.0, shared=1.0))
        return verdicts.ratio_text(verdict)

    assert "(75 % interval " in told(3)
    assert "(93 % interval " in told(5)
    assert "(95 % interval " in told(6)
    assert "interval" not in told(1)


def test_only_rounds_that_measured_both_are_compared():
    builder = times(ladder({"at_least": 5}), naive=10.0, shared=1.0)
    late = builder.rows[-1]["samples"]
    del late[:3]
    verdict = verdict_of(builder)
    assert [entry["rounds"] for entry in verdict["evidence"]] == [4, 4]
    assert verdict["reason"] == "4 rounds are too few for a 95 % interval: 6 are needed"
    for sample in late:
        sample["round"] += 100
    assert verdict_of(builder)["reason"] == "no round measured both"


def test_a_rung_that_was_not_measured_decides_nothing_and_says_why():
    builder = times(ladder({"at_least": 5}), naive=1.0)
    assert verdict_of(builder)["reason"] == "shared was not measured"
    builder.skipped("sums", "shared", "n:1000/threads:1", "forecast 4.7 days", seconds=4e5)
    verdict = verdict_of(builder)
    assert (verdict["verdict"], verdict["reason"]) == ("undecided", "shared: forecast 4.7 days")
    assert "ratio" not in verdict


def test_a_wrong_answer_is_no_evidence():
    builder = times(ladder({"at_least": 5}), naive=1.0)
    builder.failed("sums", "shared", "n:1000/threads:1", "wrong answer: error 3", error=3.0)
    verdict = verdict_of(builder)
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == "shared: wrong answer: error 3"


def test_rungs_measured_on_different_cases_only_are_not_compared():
    builder = times(ladder({"at_least": 5}), naive=1.0)
    builder.ok("sums", "shared", "n:10/threads:1", 0.1)
    assert verdict_of(builder)["reason"] == "no case was measured for both rungs"


def test_the_largest_case_that_both_were_measured_on_decides():
    builder = ladder({"at_least": 5})
    for name, seconds in (("naive", 1.0), ("shared", 0.5)):
        builder.ok("sums", name, "n:10/threads:1", seconds)
    assert verdict_of(builder)["evidence"][0]["case"]["n"] == 10
    times(builder, naive=100.0, shared=1.0)
    verdict = verdict_of(builder)
    assert verdict["evidence"][0]["case"]["n"] == 1000
    assert verdict["verdict"] == "holds"


def test_a_smaller_case_decides_where_the_larger_was_not_timed_in_the_same_rounds():
    builder = ladder({"at_least": 5})
    for name, seconds in (("naive", 1.0), ("shared", 0.1)):
        builder.ok("sums", name, "n:10/threads:1", seconds)
    times(builder, naive=100.0, shared=1.0)
    for row in builder.rows:
        if row["rung"] == "shared" and row["case"]["n"] == 1000:
            for sample in row["samples"]:
                sample["round"] += 7
    verdict = verdict_of(builder)
    assert verdict["evidence"][0]["case"]["n"] == 10
    assert verdict["verdict"] == "holds"


def test_a_claim_about_a_case_is_decided_on_that_case():
    builder = times(ladder({"at_least": 5, "case": {"n": 10}}), naive=100.0, shared=1.0)
    builder.ok("sums", "naive", "n:10/threads:1", 1.0)
    builder.ok("sums", "shared", "n:10/threads:1", 1.0)
    assert verdict_of(builder)["verdict"] == "fails"


def test_a_threaded_rung_stands_with_the_most_threads_measured():
    builder = times(ladder({"at_least": 5}), naive=10.0, shared=9.0)
    builder.ok("sums", "shared", "n:1000/threads:2", 1.0)
    verdict = verdict_of(builder)
    assert [e["case"]["threads"] for e in verdict["evidence"]] == [1, 2]
    assert verdict["verdict"] == "holds"


def test_a_rung_of_one_thread_stands_with_one_thread_only():
    builder = times(ladder({"at_least": 5}), naive=10.0, shared=1.0)
    builder.ok("sums", "naive", "n:1000/threads:2", 1.0)
    verdict = verdict_of(builder)
    assert verdict["evidence"][0]["case"]["threads"] == 1
    assert verdict["verdict"] == "holds"


def test_a_rung_may_be_held_against_itself_with_other_threads():
    sides = {
        "of": {"rung": "shared", "case": {"threads": 1}},
        "over": {"rung": "shared", "case": {"threads": 2}},
    }
    builder = times(ladder({**sides, "at_least": 1.7}), shared=10.0)
    builder.ok("sums", "shared", "n:1000/threads:2", 5.0)
    verdict = verdict_of(builder)
    assert verdict["measure"] == "seconds"
    assert verdict["verdict"] == "holds"


def test_cases_of_different_size_are_compared_per_item():
    sides = {
        "of": {"rung": "naive", "case": {"n": 10}},
        "over": {"rung": "naive", "case": {"n": 1000}},
    }
    builder = times(ladder({**sides, "at_least": 0.9, "at_most": 1.1}), naive=1.0)
    builder.ok("sums", "naive", "n:10/threads:1", 0.01)
    verdict = verdict_of(builder)
    assert verdict["measure"] == "seconds per item"
    assert verdict["verdict"] == "holds"
    assert ["s per item" in verdicts.evidence_cells(verdict, i)[3] for i in (0, 1)] == [True, True]


def test_whole_runs_are_compared_where_a_claim_asks_what_twice_the_work_costs():
    sides = {
        "of": {"rung": "naive", "case": {"n": 1000}},
        "over": {"rung": "naive", "case": {"n": 10}},
    }
    claim = {**sides, "measure": "run_seconds", "at_least": 1.9, "at_most": 2.1}
    builder = times(ladder(claim), naive=2.0)
    builder.ok("sums", "naive", "n:10/threads:1", 1.0)
    verdict = verdict_of(builder)
    assert verdict["measure"] == "seconds"
    assert verdict["verdict"] == "holds"
    cells = [verdicts.evidence_cells(verdict, i) for i in (0, 1)]
    assert "per item" not in str([verdicts.evidence_text(verdict), *cells])


def test_the_project_s_own_interpreter_stands_for_python_unless_another_is_named():
    def build(claim: dict) -> Builder:
        builder = times(
            ladder({"of": "python_loop", "over": "naive", "at_least": 5, **claim}), naive=1.0
        )
        builder.ok("sums", "python_loop", "n:1000/threads:1", 2.0, interpreter=PYPY)
        return builder.ok("sums", "python_loop", "n:1000/threads:1", 50.0, interpreter=CPYTHON)

    assert verdict_of(build({}))["evidence"][0]["interpreter"] == "CPython 3.11.2"
    for name in ("PyPy", "PyPy 3.9", "PyPy 3.9.16"):
        verdict = verdict_of(build({"interpreter": name}))
        assert verdict["evidence"][0]["interpreter"] == "PyPy 3.9.16"
        assert verdict["verdict"] == "fails"
    verdict = verdict_of(build({"of": {"rung": "python_loop", "interpreter": "PyPy 3"}}))
    assert verdict["verdict"] == "fails"
    verdict = verdict_of(build({"interpreter": "CPython 3.1"}))
    assert verdict["reason"] == "python_loop was not measured under CPython 3.1"


def test_a_counted_measure_is_exact_and_says_so():
    claim = {"measure": "layers.os.peak_resident_bytes", "at_least": 5}
    builder = ladder(claim, rounds=1)
    builder.ok("sums", "naive", "n:1000/threads:1", 1.0, peak=80_000_000)
    builder.ok("sums", "shared", "n:1000/threads:1", 1.0)
    verdict = verdict_of(builder)
    assert verdict["verdict"] == "holds"
    assert verdict["exact"] is True
    assert verdict["ratio"]["low"] == verdict["ratio"]["value"] == verdict["ratio"]["high"]
    assert "counted, no interval" in verdicts.evidence_text(verdict)


def test_a_count_that_was_not_made_decides_nothing():
    builder = times(ladder({"measure": "layers.os.peak_resident_bytes", "at_least": 5}), naive=1.0)
    row = builder.ok("sums", "shared", "n:1000/threads:1", 1.0).rows[-1]
    row["layers"] = {"reason": "fork is not there"}
    verdict = verdict_of(builder)
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == "shared: no os.peak_resident_bytes: fork is not there"


def test_a_count_of_nothing_gives_no_ratio():
    builder = ladder({"measure": "layers.os.major_page_faults", "at_least": 5})
    times(builder, naive=1.0, shared=1.0)
    verdict = verdict_of(builder)
    assert "ratio" not in verdict
    assert "is 0" in verdict["reason"]


def test_verdicts_follow_the_schema():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((results.RESULTS / "run.schema.json").read_text(encoding="utf-8"))
    for rounds in (1, 7):
        document = two_examples(rounds).document()
        document["verdicts"] = verdicts.decide(results.read(document))
        assert len(document["verdicts"]) == 5
        jsonschema.Draft202012Validator(schema).validate(document)


def test_other_verdicts_than_the_samples_give_are_told_in_one_sentence():
    document = two_examples().document()
    decided = verdicts.decide(results.read(document))
    assert verdicts.differing(results.read(document), decided) == ""
    document["verdicts"] = copy.deepcopy(decided)
    assert verdicts.differing(results.read(document), decided) == ""
    document["verdicts"][1]["verdict"] = "fails"
    assert verdicts.differing(results.read(document), decided) == (
        "Of the verdicts that the run holds, 1 is not what its samples say, "
        "dummy_objects/row-temporary-time first; shown is what the samples say."
    )


def test_deciding_twice_gives_the_same_and_leaves_the_run_as_it_was():
    document = two_examples().document()
    before = json.dumps(document)
    assert verdicts.decide(results.read(document)) == verdicts.decide(results.read(document))
    assert json.dumps(document) == before


def test_the_command_prints_the_table_and_refuses_bad_input_without_a_traceback(tmp_path):
    results.write_json(tmp_path / "run.json", two_examples().document())
    suite = results.PROJECT / "scripts" / "suite"

    def call(path):
        command = [sys.executable, str(suite), "verdicts", "--run", str(path)]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False
        )

    good = call(tmp_path)
    assert good.returncode == 0
    assert "holds" in good.stdout

    (tmp_path / "run.json").write_text("{")
    bad = call(tmp_path)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.count("\n") == 1
    assert "not strict JSON" in bad.stderr


def of_several(**ratios: float) -> dict:
    """A claim that two CPythons keep 0.7 to 1.5; by version, what the ratio is."""
    claim = {"of": "naive", "over": "python_loop", "at_least": 0.7, "at_most": 1.5}
    builder = ladder({**claim, "interpreters": {"like": "CPython", "at_least": 2}})
    times(builder, naive=1.0)
    pythons = []
    for name, ratio in ratios.items():
        implementation, minor = name.split("_")
        python = {"implementation": implementation, "version": f"3.{minor}.0", "gil": True}
        pythons.append(python)
        builder.ok("sums", "python_loop", "n:1000/threads:1", 1.0 / ratio, interpreter=python)
    document = builder.document()
    document["machine"]["pythons"] = pythons
    (verdict,) = verdicts.decide(results.read(document))
    return verdict


def test_a_claim_of_several_interpreters_holds_by_as_many_as_it_names():
    verdict = of_several(CPython_8=1.0, CPython_9=0.3, CPython_10=1.2, PyPy_9=9.0)
    assert verdict["verdict"] == "holds"
    each = {one["interpreter"]: one["verdict"] for one in verdict["each"]}
    assert each == {
        "CPython 3.8.0": "holds",
        "CPython 3.9.0": "fails",
        "CPython 3.10.0": "holds",
    }
    assert "ratio" not in verdict
    told = verdicts.evidence_text(verdict)
    assert re.search(r"CPython 3\.9\.0 0\.\d+ \(fails\)", told)
    assert "of 2 CPythons or more" in told


def test_a_claim_of_several_interpreters_fails_when_too_few_can_keep_it():
    assert of_several(CPython_8=1.0, CPython_9=0.3, CPython_10=3.0)["verdict"] == "fails"


def test_too_few_interpreters_decide_nothing():
    verdict = of_several(CPython_8=1.0, PyPy_9=1.0)
    assert (verdict["verdict"], verdict["reason"]) == (
        "undecided",
        "1 interpreter measured, too few",
    )


def test_a_claim_may_be_of_interpreters_without_a_lock():
    claim = {"of": "naive", "over": "python_loop", "at_most": 1.2}
    builder = ladder({**claim, "interpreters": {"like": "CPython 3", "lock": False, "at_least": 1}})
    times(builder, naive=1.0)
    # The same version twice: only the lock tells one from the other.
    pythons = [{"implementation": "CPython", "version": "3.13.1", "gil": g} for g in (True, False)]
    for python, seconds in zip(pythons, (0.5, 1.0)):
        builder.ok("sums", "python_loop", "n:1000/threads:1", seconds, interpreter=python)
    document = builder.document()
    document["machine"]["pythons"] = pythons
    (verdict,) = verdicts.decide(results.read(document))
    assert verdict["verdict"] == "holds"
    (one,) = verdict["each"]
    assert one["interpreter"] == "CPython 3.13.1, free-threaded"
    assert one["ratio"]["value"] == pytest.approx(1.0, rel=0.1)
    assert "of 1 free-threaded CPython 3s or more" in verdicts.claimed_text(verdict)

    document["machine"]["pythons"] = pythons[:1]
    (verdict,) = verdicts.decide(results.read(document))
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == "no free-threaded CPython 3 was found"


def overlapping(*ratios: float, own: float = 2.0, at_least: int = 2) -> dict:
    """A claim of 1.9 to 2.4 whose interval has to overlap those of CPythons with these ratios."""
    claim = {"of": "naive", "over": "shared", "at_least": 1.9, "at_most": 2.4}
    beside = {
        "of": "python_loop",
        "over": "shared",
        "interpreters": {"like": "CPython", "at_least": at_least},
    }
    builder = ladder({**claim, "overlaps": beside})
    times(builder, naive=own, shared=1.0)
    pythons = []
    for minor, ratio in enumerate(ratios):
        pythons.append({"implementation": "CPython", "version": f"3.{minor}.0", "gil": True})
        builder.ok("sums", "python_loop", "n:1000/threads:1", ratio, interpreter=pythons[-1])
    document = builder.document()
    document["machine"]["pythons"] = pythons
    (verdict,) = verdicts.decide(results.read(document))
    return verdict


def test_an_interval_overlaps_those_of_as_many_interpreters_as_the_claim_names():
    verdict = overlapping(2.0, 9.0, 2.01)
    assert verdict["verdict"] == "holds"
    assert verdict["ratio"]["value"] == pytest.approx(2.0, rel=0.05)
    assert [one["verdict"] for one in verdict["each"]] == ["holds", "fails", "holds"]
    told = verdicts.evidence_text(verdict)
    assert "and to overlap the interval of 2 CPythons or more" in told
    assert re.search(r"CPython 3\.1\.0 \d[\d.]* \(apart\)", told)
    assert re.search(r"CPython 3\.2\.0 \d[\d.]* \(overlaps\)", told)


def test_an_interval_that_overlaps_too_few_fails():
    assert overlapping(2.0, 9.0, 5.0)["verdict"] == "fails"


def test_an_interval_outside_the_bound_fails_whomever_it_overlaps():
    verdict = overlapping(3.0, 2.0, own=3.0)
    assert verdict["verdict"] == "fails"
    assert [one["verdict"] for one in verdict["each"]] == ["holds", "fails"]


def test_an_interval_across_the_bound_says_whom_it_overlaps_and_decides_nothing():
    verdict = overlapping(2.4, 2.0, own=2.4)
    assert verdict["reason"] == "the interval reaches across the bound"
    assert [one["verdict"] for one in verdict["each"]] == ["holds", "fails"]


def test_too_few_interpreters_to_overlap_decide_nothing():
    verdict = overlapping(2.0)
    assert verdict["verdict"] == "undecided"
    assert verdict["reason"] == "1 interpreter measured, too few"


def bounded(builder, seconds=0.5, bound=None, **peaks):
    """What naive states, on a machine of so many multiply-adds per second."""
    document = builder.document()
    (entry,) = [each for each in document["ladders"] if each["example"] == "sums"]
    (naive,) = [rung for rung in entry["rungs"] if rung["name"] == "naive"]
    naive["bounds"] = {case["label"]: bound or {} for case in entry["cases"]}
    rates = {"f64_operations_per_second": 1e9, "f32_operations_per_second": 2e9}
    document["machine"]["ceilings"] = {
        "instruction_set": "AVX2",
        "peaks": [{"threads": 1, **rates, **peaks}],
    }
    return document


def share_claim(**changes):
    builder = ladder({"measure": "of_bound", "of": "naive", "at_least": 0.8, **changes})
    builder.ladders[0]["claims"][0].pop("over")
    return times(builder, naive=1.0)


@pytest.mark.parametrize(
    ("operations", "verdict"), [(0.95e9, "holds"), (0.5e9, "fails"), (0.0, "undecided")]
)
def test_a_claim_may_be_of_a_rung_and_its_bound(operations, verdict):
    (decided,) = verdicts.decide(
        results.read(bounded(share_claim(), bound={"f64_operations": operations}))
    )
    assert decided["verdict"] == verdict
    if operations:
        assert decided["ratio"]["value"] == pytest.approx(operations / 1e9, rel=0.05)
        assert "share of its bound" in verdicts.evidence_text(decided)
        assert len(decided["evidence"]) == 1
    else:
        assert decided["reason"] == "naive: its bound is not known on this machine"


def test_memory_that_was_slower_in_a_round_lowers_the_bound_of_that_round():
    document = bounded(share_claim(), bound={"bytes": 1e10})
    samples = document["rows"][-1]["samples"]
    for sample, slower in zip(samples, (1, 3, 1, 2, 1, 1, 1)):
        sample["seconds"] *= slower
        sample["memory_bytes_per_second"] = 1e10 / slower
    (decided,) = verdicts.decide(results.read(document))
    assert decided["verdict"] == "holds"
    assert decided["ratio"]["low"] > 0.95


def three_claims() -> tuple[results.Run, list[dict]]:
    """Of two examples about one myth each, of which one claim is about the other's."""
    document = two_examples().document()
    for ladder, myth in zip(document["ladders"], ("memory", "speed")):
        ladder["myth"] = myth
    document["ladders"][1]["claims"][0]["myth"] = "memory"
    run = results.read(document)
    return run, verdicts.decide(run)


def test_claims_are_chosen_by_their_example_and_by_the_myth_that_they_are_about():
    run, decided = three_claims()
    first, second = run.ladders
    assert verdicts.chosen(run, decided) == decided
    of_second = verdicts.chosen(run, decided, only=[second.example])
    assert [v["claim"] for v in of_second] == [claim["id"] for claim in second.claims]
    about = verdicts.chosen(run, decided, myth="memory")
    expected = [claim["id"] for claim in [*first.claims, second.claims[0]]]
    assert [v["claim"] for v in about] == expected
    assert verdicts.chosen(run, decided, myth="speed", only=[first.example]) == []


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"myth": "sloth"}, "there is no myth 'sloth'; there are: memory, speed"),
        ({"only": ["rhymes"]}, "there is no example 'rhymes'; there are: dummy_objects, locator"),
    ],
)
def test_what_a_run_is_not_about_cannot_be_chosen(asked, complaint):
    run, decided = three_claims()
    with pytest.raises(ValueError, match=complaint):
        verdicts.chosen(run, decided, **asked)


def test_in_a_run_about_no_myth_none_can_be_chosen():
    run = results.read(two_examples().document())
    with pytest.raises(ValueError, match="there is no myth 'speed'; there is none"):
        verdicts.chosen(run, verdicts.decide(run), myth="speed")

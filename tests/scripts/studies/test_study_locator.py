from __future__ import annotations

import json
import random
import sys

import pytest

from suite import cli
from suite.runs import documents, studies
from suite.studies.study_locator import (
    Case,
    Row,
    exponent,
    foretold,
    growth,
    model,
    nodes_along,
    tree,
)


def row(rung: str, case: Case, seconds: float, **notes: float) -> Row:
    return Row(rung, case, [seconds] * 3, {name: [value] * 3 for name, value in notes.items()})


def tree_row(case: Case, build: float, search: float) -> Row:
    return row("branch_and_bound", case, build + search, build_seconds=build,
               search_seconds=search, boxes_visited=800, nodes_visited=64)  # fmt: skip


def test_the_exponent_of_a_power_is_found_to_the_last_digit():
    nodes = [10, 100, 1000, 10000]
    found = exponent(nodes, [3 * n**0.37 for n in nodes])
    assert found.value == pytest.approx(0.37)
    assert found.high - found.low < 1e-9


def test_the_interval_of_an_exponent_covers_it_as_often_as_it_says():
    chance = random.Random(1)
    nodes = [2.0**i for i in range(7)]
    hits = 0
    for _ in range(400):
        seconds = [n**0.5 * 2 ** chance.gauss(0, 0.2) for n in nodes]
        found = exponent(nodes, seconds)
        hits += found.low <= 0.5 <= found.high
    assert 365 <= hits <= 393  # 380 expected; three standard deviations are 13


def test_two_points_give_no_interval():
    assert exponent([1, 2], [1, 2]).high == float("inf")


@pytest.mark.parametrize(
    "span, spacing, nodes", [(18000, 200, 91), (12200, 200, 62), (12200, 400, 32), (10, 20, 2)]
)
def test_nodes_are_counted_as_the_talk_counts_them(span, spacing, nodes):
    assert nodes_along(span, spacing) == nodes == len(range(0, span + spacing, spacing))


def test_what_grows_is_given_per_event_and_in_the_order_of_nodes():
    rows = [tree_row(Case(200, 64), 1.0, 2.0), tree_row(Case(400, 64), 0.5, 1.5)]
    amounts = growth(rows)
    assert amounts["branch_and_bound: seconds"] == [(60352, 2 / 64), (457002, 3 / 64)]
    assert amounts["branch_and_bound: seconds of search alone"][1] == (457002, 2 / 64)
    assert amounts["branch_and_bound: boxes and nodes visited"][0] == (60352, 864 / 64)


def cases(spacings, threads=(1, 2)) -> list[Case]:
    return [
        Case(spacing, events, stations, count)
        for spacing in spacings
        for events in (16, 128)
        for stations in (8, 16)
        for count in threads
    ]


def test_a_sum_of_products_is_recovered_and_foretells():
    def truth(case: Case) -> float:
        pairs = case.nodes() * case.events / case.threads
        return 1e-9 * case.nodes() * case.stations / case.threads + pairs * case.stations * 4e-11

    fitted = model([row("fused", case, truth(case)) for case in cases((800, 400))])
    large = Case(50, 1000, 16, 2)
    assert fitted.seconds(large) == pytest.approx(truth(large), rel=1e-6)


def test_the_weights_of_a_sum_are_not_negative():
    chance = random.Random(2)
    fitted = model([row("fused", case, chance.uniform(1, 2)) for case in cases((800, 400))])
    assert all(weight >= 0 for one in fitted.sums for _, weight in one.weights)


def test_each_phase_of_the_search_has_its_own_sum():
    def build(case: Case) -> float:
        return 1e-6 * case.stations * case.nodes() ** 0.5 * (0.2 + 0.8 / case.threads) + 1e-4

    def search(case: Case) -> float:
        visits = case.nodes() ** (1 / 3) * case.stations + 40
        return 1e-8 * case.events * visits / case.threads + 2e-5 * (case.threads - 1)

    fitted = model([tree_row(case, build(case), search(case)) for case in cases((800, 400))])
    large = Case(100, 1000, 16, 2)
    assert fitted.seconds(large) == pytest.approx(build(large) + search(large), rel=1e-6)


def test_threads_share_the_work_but_not_their_start():
    of_two = [two / one for one, two in zip(tree(Case(200, 64)), tree(Case(200, 64, threads=2)))
              if one]  # fmt: skip
    assert of_two == [0.5, 1, 1]
    assert tree(Case(200, 64))[-1] == 0


def test_only_small_cases_are_fitted_and_each_prediction_says_how_good_it_is():
    small, large = cases((800, 400), (1,)), [Case(100, 128)]
    rows = [row("fused", case, 1e-9 * case.nodes() * case.events) for case in small]
    rows.append(row("fused", large[0], 2e-9 * large[0].nodes() * large[0].events))
    predictions = foretold(rows, set(small))
    assert [entry["fitted"] for entry in predictions] == [True] * len(small) + [False]
    assert predictions[0]["accuracy"] == pytest.approx(1)
    assert predictions[-1]["accuracy"] == pytest.approx(0.5)


FAKE = """#!{python}
import json, re, sys
options = dict(a.split("=", 1) for a in sys.argv[1:] if "=" in a)
case = options["--case"].split("/", 1)[1]
if "spacing:13/" in case:
    sys.exit("mythbench: there is no such grid")
nodes = 1e9 / int(re.search(r"spacing:(\\d+)", case)[1]) ** 3
def entry(rung, nanoseconds, **more):
    return dict(name=f"locator/{{rung}}/{{case}}/process_time/real_time", real_time=nanoseconds,
                cpu_time=nanoseconds, time_unit="ns", iterations=1, **more)
rows = [entry("fused", 1e3 * nodes),
        entry("branch_and_bound", 1e3 * nodes ** 0.5, note_build_seconds=1e-7,
              note_search_seconds=1e-6 * nodes ** 0.25, note_boxes_visited=8 * nodes ** 0.1,
              note_nodes_visited=64)]
with open(options["--benchmark_out"], "w") as out:
    json.dump({{"context": {{}}, "benchmarks": rows}}, out)
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "mythbench"
    file.write_text(FAKE.format(python=sys.executable))
    file.chmod(0o755)
    return file


def run(program, folder, *more: str) -> int:
    arguments = [
        "--program", str(program), "--rounds", "2", "--no-model",
        "--problems", str(folder / "problems"), "-o", str(folder / "study"), *more,
    ]  # fmt: skip
    return cli.main(["study", *arguments])


def test_a_study_measures_and_fits_as_the_report_reads_it(program, tmp_path, capsys):
    assert run(program, tmp_path, "--spacings", "400,200,100,50") == 0
    written = json.loads((tmp_path / "study/study.json").read_text())
    exponents = {name: entry["exponent"]["value"] for name, entry in written["growth"].items()}
    assert exponents["fused: seconds"] == pytest.approx(1, abs=0.05)
    assert exponents["branch_and_bound: seconds"] == pytest.approx(0.5, abs=0.05)
    assert len(written["rows"]) == 8
    assert all(len(entry["seconds"]) == 2 for entry in written["rows"])
    study = studies.study_of(documents.checked(written, "study", "study.json"), {})
    assert study.example == "locator"
    assert [len(series.points) for series in study.growth] == [4] * 5
    assert "fused: seconds per event ~ nodes ^ " in capsys.readouterr().out


def test_what_the_program_complains_of_is_said(program, tmp_path, capsys):
    assert run(program, tmp_path, "--spacings", "13,50") == 1
    assert (
        "suite study: mythbench failed: mythbench: there is no such grid" in capsys.readouterr().err
    )


def test_without_a_program_the_study_says_what_builds_it(tmp_path, capsys):
    assert run(tmp_path / "nothing", tmp_path) == 3
    assert "nothing is not there; make test builds it" in capsys.readouterr().err

"""The planner against simulated machines: no process runs here, and the clock is a number."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from statistics import mean

import pytest

from suite.measure.forecasts import Forecasts, Row, Sampling, rows_of
from suite.measure.plan import Planner, min_time
from suite.measure.steps import Outcome, Process, Settings

GROWTH = 10


def ladders(examples: int, rungs: int = 10, levels: int = 4, threads: bool = True) -> list[dict]:
    """Examples whose cases grow tenfold; every third rung is Python, the last is threaded."""
    counts = (1, 2) if threads else (1,)
    cases = [
        {
            "label": f"n:{GROWTH**level}/threads:{count}",
            "parameters": {"n": GROWTH**level, "threads": count},
            "work": {"items": float(GROWTH**level), "flops": 0.0, "bytes": 0.0},
        }
        for level in range(levels)
        for count in counts
    ]
    return [
        {
            "example": f"example_{i}",
            "cases": cases,
            "rungs": [rung(place, rungs, cases) for place in range(rungs)],
        }
        for i in range(examples)
    ]


def rung(place: int, rungs: int, cases: list[dict]) -> dict:
    threaded = place == rungs - 1
    met = [c["label"] for c in cases if threaded or c["parameters"]["threads"] == 1]
    return {
        "name": f"rung_{place}",
        "language": "python" if place % 3 == 0 else "c++",
        "threaded": threaded,
        "cases": met,
    }


@dataclass
class Machine:
    """What each run truly takes, and a clock that moves when a process runs."""

    rows: list[Row]
    slowness: float = 1.0
    base: float = 0.002  # seconds of the smallest case on the ground rung
    own: dict[str, float] = field(default_factory=dict)  # seconds of a rung's smallest case
    hangs: set[str] = field(default_factory=set)
    bytes_per_item: float = 1000.0
    cold_until: float = 0.0  # everything takes ten times as long before
    now: float = 0.0
    ran: list[Process] = field(default_factory=list)

    def run_seconds(self, who: tuple[str, str, str], items: float) -> float:
        place = int(who[1].split("_")[1])
        return self.slowness * self.own.get(who[1], self.base / 2**place) * items

    def run(self, planner: Planner, process: Process, timeout: float) -> Outcome:
        self.ran.append(process)
        rows = [r for r in self.rows if r.who == process.who and r.case in process.cases]
        assert [r.case for r in rows] == list(process.cases)
        runs = {row.case: self.run_seconds(row.who, row.items) for row in rows}
        wall = self.slowness * (0.25 if process.interpreter else 0.015)
        if process.counts:
            wall += sum(runs.values())
        else:
            # A little less than the planner believes, as on a real machine.
            wall += sum(0.95 * planner.settings.sampling.seconds(run) for run in runs.values())
        if self.now < self.cold_until:
            wall *= 10
        if wall > timeout or process.rung in self.hangs:
            self.now += timeout
            return Outcome(timeout, skipped=dict.fromkeys(process.cases, "stopped"), broken=True)
        self.now += wall
        if process.counts:
            grown = {r.case: self.bytes_per_item * r.items for r in rows}
            return Outcome(wall, grown_bytes=grown, cold_seconds=runs)
        return Outcome(wall, seconds=runs)


def settings(rows: list[Row], budget: float = 300.0, rounds: int = 5, **others) -> Settings:
    sample = min_time(len({row.who for row in rows}), budget, rounds)
    return Settings(budget, rounds, 1, Sampling(sample, sample), **others)


def planner_of(rows: list[Row], claims=(), deciding=(), baselines=None, **others) -> Planner:
    chosen = settings(rows, **others)
    return Planner(rows, chosen, Forecasts(chosen.sampling), claims, deciding, baselines)


def simulate(planner: Planner, machine: Machine) -> None:
    while True:
        remaining = planner.settings.budget - machine.now
        process = planner.next(remaining)
        if process is None:
            return
        planner.learn(process, machine.run(planner, process, planner.timeout(process, remaining)))


def rounds_of(machine: Machine) -> dict[tuple, int]:
    counts: dict[tuple, int] = {}
    for process in machine.ran:
        if process.kind == "time":
            for case in process.cases:
                key = (*process.who, case)
                counts[key] = counts.get(key, 0) + 1
    return counts


def kept(planner: Planner) -> set[tuple]:
    left = planner.left_out(at_end=True)
    return {(*r.who, r.case) for r in planner.rows if r not in left and r not in planner.gone}


@pytest.mark.parametrize("examples", [1, 2, 12, 40])
@pytest.mark.parametrize("slowness", [1.0, 4.0])
@pytest.mark.parametrize(("budget", "rounds"), [(75.0, 3), (300.0, 5)])
def test_the_run_ends_within_its_budget_and_most_of_it_goes_to_rows_with_all_their_rounds(
    examples, slowness, budget, rounds
):
    rows = rows_of(ladders(examples), ["cpython"])
    planner, machine = planner_of(rows, budget=budget, rounds=rounds), Machine(rows, slowness)
    simulate(planner, machine)
    counts = rounds_of(machine)
    assert machine.now <= budget
    complete = sum(number for number in counts.values() if number >= rounds)
    assert complete >= 0.8 * sum(counts.values()) > 0


def test_twelve_examples_of_ten_rungs_all_get_their_smallest_case_in_five_minutes():
    rows = rows_of(ladders(12), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    assert {key[:3] for key in kept(planner)} == {row.who for row in rows}


def test_two_examples_use_most_of_the_budget_on_larger_cases():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    # All of the first three levels, and what fits of the last.
    assert {r.level for r in rows if (*r.who, r.case) in kept(planner)} == {0, 1, 2, 3}
    assert not [r for r in planner.left_out(at_end=True) if r.level < 3]


def test_when_even_the_smallest_cases_do_not_fit_every_example_keeps_some_rungs():
    rows = rows_of(ladders(40), ["cpython"])
    planner, machine = planner_of(rows, budget=75.0, rounds=3), Machine(rows)
    simulate(planner, machine)
    keeps: dict[str, int] = {}
    for example, *_ in kept(planner):
        keeps[example] = keeps.get(example, 0) + 1
    assert 0 < len(kept(planner)) < len({row.who for row in rows})
    assert max(keeps.values()) - min(keeps.values()) <= 2
    assert len(keeps) == 40


def test_what_did_not_fit_is_left_out_with_its_forecast():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows, budget=20.0, rounds=3), Machine(rows)
    simulate(planner, machine)
    left = planner.left_out(at_end=True)
    assert {row.seconds is None for row in left.values() if "forecast" in row.reason} == {False}
    assert any("no time left in the budget of 20 s, forecast" in v.reason for v in left.values())


@pytest.mark.parametrize("examples", [1, 12])
def test_the_smallest_cases_fit_into_three_times_what_they_are_forecast_to_cost(examples):
    rows = rows_of(ladders(examples), ["cpython"])
    planner = planner_of(rows, budget=0.01, rounds=3)
    simulate(planner, Machine(rows))
    assert planner.lacked_time()
    assert not kept(planner)
    again = planner_of(rows, budget=3 * planner.cost_of_smallest(), rounds=3)
    simulate(again, Machine(rows))
    smallest = {row.who: (*row.who, row.case) for row in reversed(rows)}
    assert set(smallest.values()) <= kept(again)


def test_a_plan_that_had_all_the_time_it_wanted_lacked_none():
    rows = rows_of(ladders(1), ["cpython"])
    planner = planner_of(rows, budget=1e9, rounds=1)
    simulate(planner, Machine(rows))
    assert not planner.lacked_time()


def test_a_rung_whose_smallest_case_is_over_budget_is_stopped_and_the_others_run():
    rows = rows_of(ladders(2), ["cpython"])
    planner = planner_of(rows)
    machine = Machine(rows, own={"rung_1": 1e6})
    simulate(planner, machine)
    assert machine.now <= 300
    assert {row.rung for row in planner.gone} == {"rung_1"}
    assert {key[1] for key in kept(planner)} == {row.rung for row in rows} - {"rung_1"}


def test_a_dear_smallest_case_does_not_push_the_cheap_ones_out():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows, budget=75.0, rounds=3), Machine(rows, own={"rung_0": 4.0})
    simulate(planner, machine)
    assert machine.now <= 75
    assert {row.rung for row in rows} - {key[1] for key in kept(planner)} <= {"rung_0"}


def test_a_run_that_is_forecast_to_take_days_is_never_started():
    rows = rows_of(ladders(1, rungs=4, levels=9), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows, base=0.004)
    simulate(planner, machine)
    left = {(row.rung, row.case): v for row, v in planner.left_out(at_end=True).items()}
    ground = left["rung_0", "n:100000000/threads:1"]
    assert ground.reason == "forecast 4.6 days"
    assert ground.seconds == pytest.approx(400_000)
    assert not [p for p in machine.ran if "n:100000000/threads:1" in p.cases]


def test_a_case_that_would_not_fit_into_memory_is_never_started():
    rows = rows_of(ladders(1, rungs=4), ["cpython"])
    planner = planner_of(rows, memory=22.1e9)
    machine = Machine(rows, bytes_per_item=80e6)
    simulate(planner, machine)
    left = {(row.rung, row.case): v for row, v in planner.left_out(at_end=True).items()}
    refused = left["rung_1", "n:1000/threads:1"]
    assert refused.reason == "forecast 80.0 GB of memory, 22.1 GB available"
    assert refused.bytes == pytest.approx(80e9)
    assert not [p for p in machine.ran if "n:1000/threads:1" in p.cases]


def test_the_memory_that_every_case_needs_is_not_scaled_with_the_case():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, medium, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.counted(small, 5e6 + 1e6)
    assert forecasts.bytes(large) == pytest.approx(100 * (5e6 + 1e6))
    forecasts.counted(medium, 5e6 + 10e6)
    assert forecasts.bytes(large) == pytest.approx(5e6 + 100e6)


def test_memory_of_a_compiler_that_differs_a_little_is_not_scaled_with_the_case():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, medium, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.counted(small, 60e6)
    forecasts.counted(medium, 70e6)
    assert forecasts.bytes(large) == pytest.approx(70e6)


def test_memory_that_a_run_had_no_time_to_write_is_not_scaled_with_the_case():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, _, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.counted(small, 70e6)
    forecasts.timed({small: 1e-6}, wall=0.3)
    assert forecasts.bytes(large) == pytest.approx(70e6 + 99 * 1e5)


def test_a_few_pages_touched_for_the_first_time_forecast_no_memory():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, _, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.counted(small, 3e6)
    assert forecasts.bytes(large) is None


def test_from_one_case_forecasts_scale_by_the_ratio_of_work_and_from_two_by_what_grew():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, medium, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    assert forecasts.run(large) is None
    forecasts.timed({small: 0.001}, 0.5)
    assert forecasts.run(large) == pytest.approx(0.1)
    forecasts.timed({medium: 0.002}, 0.5)
    assert forecasts.run(large) == pytest.approx(0.012)


def threaded_rows(levels: int) -> dict[tuple[int, int], Row]:
    """Of one rung, by level and threads."""
    rows = rows_of(ladders(1, rungs=2, levels=levels), ["x"])
    return {(row.level, row.threads): row for row in rows if row.threaded}


def test_a_forecast_of_time_never_mixes_cases_of_different_thread_counts():
    forecasts, rows = Forecasts(Sampling(0.1, 0.1)), threaded_rows(levels=3)
    forecasts.timed({rows[0, 1]: 0.001}, 0.5)
    forecasts.timed({rows[1, 2]: 0.005}, 0.5)
    assert forecasts.run(rows[2, 2]) == pytest.approx(0.05)
    assert forecasts.run(rows[2, 1]) == pytest.approx(0.1)


def test_a_compiler_needs_its_memory_whatever_the_number_of_threads():
    forecasts, rows = Forecasts(Sampling(0.1, 0.1)), threaded_rows(levels=3)
    forecasts.counted(rows[0, 1], 19.4e6)
    forecasts.counted(rows[1, 2], 19.5e6)
    assert forecasts.bytes(rows[2, 2]) == pytest.approx(19.5e6)


def test_threads_that_a_rung_never_had_are_taken_to_gain_nothing():
    forecasts, rows = Forecasts(Sampling(0.1, 0.1)), threaded_rows(levels=2)
    forecasts.timed({rows[0, 1]: 0.001}, 0.5)
    assert forecasts.run(rows[0, 2]) == pytest.approx(0.001)
    assert forecasts.run(rows[1, 2]) == pytest.approx(0.01)


def test_nothing_is_told_of_threads_that_a_rung_never_had():
    rows = threaded_rows(levels=2)
    planner = planner_of(list(rows.values()))
    planner.forecasts.timed({rows[0, 1]: 1e6}, 1e6)
    left = planner.left_out(at_end=True)
    assert left[rows[1, 2]].reason == (
        "no time left in the budget of 5 min, never run with 2 threads"
    )
    assert left[rows[1, 2]].seconds is None
    assert left[rows[1, 1]].seconds == pytest.approx(1e7)


def test_one_thread_alone_is_taken_to_need_what_several_needed_together():
    forecasts, rows = Forecasts(Sampling(0.1, 0.1)), threaded_rows(levels=2)
    forecasts.timed({rows[0, 2]: 0.001}, 0.5)
    assert forecasts.run(rows[0, 1]) == pytest.approx(0.002)


def test_a_case_that_took_no_longer_than_a_smaller_one_is_not_forecast_to_cost_nothing():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, medium, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.timed({small: 0.001}, 0.5)
    forecasts.timed({medium: 0.001}, 0.5)
    assert 0.001 < forecasts.run(large) < 0.01


def test_what_the_first_run_of_a_rung_compiles_is_not_forecast_of_the_others():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, medium, large = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.timed({small: 0.001}, 0.5)
    forecasts.counted(small, 0.0, seconds=0.5)
    forecasts.counted(medium, 0.0, seconds=0.509)
    assert forecasts.run(medium) == pytest.approx(0.01)
    assert forecasts.run(large) == pytest.approx(0.1)


def test_a_process_that_compiled_at_first_is_not_taken_to_do_so_every_time():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    small, medium, _ = rows_of(ladders(1, rungs=2, levels=3, threads=False), ["x"])[:3]
    forecasts.timed({small: 0.001}, 20.0)
    forecasts.timed({medium: 0.001}, 1.0)
    assert forecasts.start_up(small) < 1.0


def test_one_process_that_compiled_is_taken_to_start_as_others_do():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    rows = rows_of(ladders(2, rungs=10, levels=1, threads=False), ["x"])
    pythons = [row for row in rows if row.interpreter]
    for row in pythons[1:]:
        forecasts.timed({row: 0.001}, 0.5)
    forecasts.timed({pythons[0]: 0.001}, 20.0)
    assert forecasts.start_up(pythons[0]) == forecasts.start_up(pythons[1])
    forecasts.timed({pythons[0]: 0.001}, 19.0)
    assert forecasts.start_up(pythons[0]) > 18


def test_each_round_has_another_order_and_mixes_the_languages():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    orders = {}
    for process in machine.ran:
        if process.kind == "time" and process.round > 1:
            orders.setdefault(process.round, []).append(process)
    sequences = {tuple(p.who for p in order) for order in orders.values()}
    assert len(sequences) == len(orders) == 4
    for order in orders.values():
        languages = [bool(p.interpreter) for p in order]
        assert sum(a != b for a, b in zip(languages, languages[1:])) > 2


def test_the_same_seed_gives_the_same_plan_and_another_seed_another():
    rows = rows_of(ladders(2), ["cpython"])
    runs = []
    for seed in (1, 1, 2):
        chosen = Settings(60.0, 3, seed, Sampling(0.1, 0.1))
        planner, machine = Planner(rows, chosen, Forecasts(chosen.sampling)), Machine(rows)
        simulate(planner, machine)
        runs.append(machine.ran)
    assert runs[0] == runs[1] != runs[2]


def test_every_round_ends_with_its_first_process_again():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    for number in range(1, 6):
        of_round = [p for p in machine.ran if p.round == number]
        assert of_round[-1].kind == "sentinel"
        assert of_round[-1].who == of_round[0].who
        assert of_round[-1].cases == of_round[0].cases[:1]


def test_layers_are_counted_once_for_everything_that_is_timed():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    counted = [(*p.who, c) for p in machine.ran if p.kind == "layers" for c in p.cases]
    assert sorted(counted) == sorted(set(counted)) == sorted(rounds_of(machine))


def test_a_row_that_fails_is_not_run_again_and_larger_cases_are_not_begun():
    rows = rows_of(ladders(1), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    while process := planner.next(300 - machine.now):
        outcome = machine.run(planner, process, planner.timeout(process, 300 - machine.now))
        if process.rung == "rung_2" and process.kind == "time":
            outcome = Outcome(0.1, failed=dict.fromkeys(process.cases, "wrong answer"))
        planner.learn(process, outcome)
    assert [p.cases for p in machine.ran if p.rung == "rung_2"] == [("n:1/threads:1",)]
    assert {row.case for row in planner.gone} == {r.case for r in rows if r.rung == "rung_2"}


def test_a_process_that_broke_with_several_cases_is_tried_again_case_by_case():
    rows = rows_of(ladders(1), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    broken = []
    while process := planner.next(300 - machine.now):
        outcome = machine.run(planner, process, planner.timeout(process, 300 - machine.now))
        if process.kind == "time" and process.rung == "rung_1" and process.round == 2:
            guilty = "n:10/threads:1" in process.cases
            if guilty:
                broken.append(process.cases)
                reasons = dict.fromkeys(process.cases, "ended by signal 11")
                outcome = Outcome(0.1, failed=reasons, broken=True)
        planner.learn(process, outcome)
    assert len(broken[0]) > 1
    assert broken[1:] == [("n:10/threads:1",)]
    assert [row.case for row in planner.gone] == ["n:10/threads:1"]


def test_thread_counts_of_a_python_rung_have_processes_of_their_own():
    rows = rows_of(ladders(1, rungs=4), ["cpython"])
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    threaded = [p for p in machine.ran if p.rung == "rung_3" and p.round == 2 and p.kind == "time"]
    together = [{case.split(":")[-1] for case in process.cases} for process in threaded]
    assert sorted(together, key=min) == [{"1"}, {"2"}]


def test_a_hanging_rung_costs_a_bounded_part_of_the_budget():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows, budget=75.0, rounds=3), Machine(rows, hangs={"rung_4"})
    simulate(planner, machine)
    assert machine.now <= 75
    assert len({key[1] for key in kept(planner)}) >= 8


def test_pictures_have_their_time_reserved():
    rows = rows_of(ladders(2), ["cpython"])
    planner = planner_of(rows, budget=75.0, rounds=3, picture_seconds=2.0)
    machine = Machine(rows)
    simulate(planner, machine)
    pictures = len({r.picture for r in rows if (*r.who, r.case) in kept(planner)})
    assert pictures > 0
    assert machine.now + 2.0 * pictures <= 75


def test_writing_large_problems_belongs_to_the_forecast():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    # Of which the program took a part to start, as the problem of another example shows.
    forecasts.wrote_problem("example_1", "n:1/threads:1", 1.0, 0.01)
    forecasts.wrote_problem("example_0", "n:1/threads:1", 1.0, 0.51)
    assert forecasts.problem("example_0", "n:1/threads:1", 1.0) == 0
    assert forecasts.problem("example_0", "n:100/threads:1", 100.0) == pytest.approx(50)


def test_what_does_not_grow_with_a_problem_is_forecast_once():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    forecasts.wrote_problem("example_0", "n:1", 1.0, 0.01)
    forecasts.wrote_problem("example_0", "n:10", 10.0, 1.01)
    forecasts.wrote_problem("example_0", "n:20", 20.0, 1.11)
    assert forecasts.problem("example_0", "n:100", 100.0) == pytest.approx(1.9)


def test_a_problem_is_paid_for_once_however_many_rungs_meet_it():
    rows = rows_of(ladders(1, threads=False), ["cpython"])
    planner, machine = planner_of(rows, budget=40.0, rounds=3), Machine(rows)
    planner.forecasts.wrote_problem("example_0", "n:1/threads:1", 1.0, 0.01)
    planner.forecasts.wrote_problem("example_0", "n:10/threads:1", 10.0, 1.01)
    simulate(planner, machine)
    # Ten problems of ten seconds would not have fitted, one does.
    assert [key for key in kept(planner) if key[3] == "n:100/threads:1"]


def test_a_problem_that_took_no_longer_than_a_start_speaks_against_no_larger_one():
    forecasts = Forecasts(Sampling(0.1, 0.1))
    forecasts.wrote_problem("example_0", "n:1", 1.0, 0.01)
    assert forecasts.problem("example_0", "n:100000", 100000.0) == 0


@pytest.mark.parametrize("stop", [1, 7, 40, 60, 90])
def test_a_plan_taken_up_again_from_its_state_goes_on_where_it_stopped(stop):
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows, budget=75.0, rounds=3), Machine(rows)
    history, state = [], None
    for _ in range(stop):
        process = planner.next(75 - machine.now)
        state = json.loads(json.dumps(planner.state()))
        outcome = machine.run(planner, process, 100)
        planner.learn(process, outcome)
        history.append((process, outcome))

    again = planner_of(rows, budget=75.0, rounds=3)
    for process, outcome in history[:-1]:
        again.learn(process, outcome)
    again.restore(state)
    again.learn(*history[-1])
    assert again.batch == planner.batch
    assert again.queue == planner.queue
    simulate(again, machine)
    counts = rounds_of(machine)
    assert machine.now <= 75
    assert sum(counts[key] >= 3 for key in kept(again)) >= 60


def test_sampling_is_shorter_where_much_is_compared():
    assert min_time(18, 300, 5) == pytest.approx(0.08)
    assert 0.05 < min_time(250, 300, 5) < 0.08
    assert min_time(6000, 300, 5) == pytest.approx(0.05)


def test_what_a_cold_machine_seemed_too_slow_for_joins_in_a_later_round():
    rows = rows_of(ladders(2), ["cpython"])
    planner = planner_of(rows, budget=150.0)
    machine = Machine(rows, cold_until=80.0)
    simulate(planner, machine)
    early = {(*p.who, case) for p in machine.ran if p.round == 1 for case in p.cases}
    late = kept(planner) - early
    assert {key[3] for key in late} >= {"n:10/threads:1"}
    assert machine.now <= 150
    counts = rounds_of(machine)
    assert max(counts[key] for key in late) == 5


def test_comparisons_come_before_single_rungs_of_larger_cases():
    rows = rows_of(ladders(2), ["cpython"])
    planner, machine = planner_of(rows, budget=120.0), Machine(rows)
    simulate(planner, machine)
    done = {
        level: mean((*r.who, r.case) in kept(planner) for r in rows if r.level == level)
        for level in range(4)
    }
    assert done[0] == 1
    assert done[0] >= done[1] >= done[2] >= done[3]


def claims_about(rows: list[Row], *rungs: str, level: int) -> list[tuple[Row, Row]]:
    """That each example compares these two rungs on a case of this level."""
    first, second = (
        [r for r in rows if r.rung == name and r.level == level and r.threads == 1]
        for name in rungs
    )
    return list(zip(first, second))


def test_what_a_claim_needs_is_measured_before_other_large_cases():
    rows = rows_of(ladders(2), ["cpython"])
    claims = claims_about(rows, "rung_4", "rung_5", level=3)
    planner, machine = planner_of(rows, claims, budget=60.0, rounds=3), Machine(rows)
    simulate(planner, machine)
    needed = {(*row.who, row.case) for pair in claims for row in pair}
    assert machine.now <= 60
    assert needed <= kept(planner)
    assert [r for r in planner.left_out(at_end=True) if r.level == 2]


def test_claims_that_decide_come_before_those_that_are_cheaper():
    rows = rows_of(ladders(6), ["cpython"])
    dear = claims_about(rows, "rung_1", "rung_2", level=3)
    cheap = claims_about(rows, "rung_6", "rung_7", level=3)
    claims = cheap + dear
    needed = {(*row.who, row.case) for pair in dear for row in pair}

    def with_all_rounds(deciding: list[tuple[Row, Row]]) -> int:
        planner, machine = planner_of(rows, claims, deciding, budget=100.0, rounds=6), Machine(rows)
        simulate(planner, machine)
        assert machine.now <= 100
        return sum(rounds_of(machine).get(key, 0) >= 6 for key in needed)

    assert with_all_rounds(dear) > with_all_rounds([])


def test_what_careful_forecasts_leave_of_the_budget_goes_to_what_had_no_room():
    rows = rows_of(ladders(2), ["cpython"])

    class Quicker(Machine):
        """From the last round on."""

        def run(self, planner, process, timeout):
            before = self.now
            outcome = super().run(planner, process, timeout)
            if process.round > 5:
                self.now = before + (self.now - before) / 8
            return outcome

    planner, machine = planner_of(rows, budget=60.0, rounds=6), Quicker(rows)
    simulate(planner, machine)
    early = {(*p.who, case) for p in machine.ran if p.round <= 6 for case in p.cases}
    late = kept(planner) - early
    assert 6 in {rounds_of(machine)[key] for key in late}
    assert machine.now <= 60


def test_only_one_run_of_a_case_between_shows_that_a_claim_can_be_afforded():
    # A thousand times the work, but only a fourth of a run grows with it.
    ladder = ladders(1, levels=7, threads=False)
    rows = rows_of(ladder, ["cpython"])
    claims = claims_about(rows, "rung_4", "rung_5", level=6)
    planner = planner_of(rows, claims, budget=60.0, rounds=3)

    class HardlyGrowing(Machine):
        def run_seconds(self, who, items):
            return 0.001 + 1e-9 * items

    machine = HardlyGrowing(rows)
    simulate(planner, machine)
    far = {rung for _, rung, _, case in kept(planner) if case == "n:1000000/threads:1"}
    assert {"rung_4", "rung_5"} <= far
    glimpsed = [p for p in machine.ran if p.counts and p.rung == "rung_4"]
    assert len({p.cases for p in glimpsed}) == len(glimpsed)


def test_smallest_cases_that_no_claim_needs_come_after_the_claims():
    rows = rows_of(ladders(12), ["cpython"])
    claims = claims_about(rows, "rung_4", "rung_5", level=2)
    planner, machine = planner_of(rows, claims, budget=120.0), Machine(rows)
    simulate(planner, machine)
    counts = rounds_of(machine)
    needed = {(*row.who, row.case) for pair in claims for row in pair}
    assert min(counts[key] for key in needed) >= 5
    last = max(i for i, p in enumerate(machine.ran) if p.rung == "rung_5" and p.round == 5)
    first = next(i for i, p in enumerate(machine.ran) if p.rung == "rung_0")
    assert last < first
    assert machine.now <= 120


def test_what_a_ladder_is_held_against_runs_beside_it_in_all_rounds():
    rows = rows_of(ladders(1), ["cpython"])
    claims = claims_about(rows, "rung_4", "rung_5", level=0)
    baselines = {"example_0": "rung_4"}
    planner, machine = planner_of(rows, claims, (), baselines), Machine(rows)
    simulate(planner, machine)
    rounds = {
        rung: {p.round for p in machine.ran if p.rung == rung and "n:1/threads:1" in p.cases}
        for rung in ("rung_1", "rung_4")
    }
    assert len(rounds["rung_1"]) == 5
    assert rounds["rung_1"] < rounds["rung_4"]


def test_time_that_is_left_goes_to_more_rounds_of_what_claims_compare():
    rows = rows_of(ladders(1), ["cpython"])
    claims = claims_about(rows, "rung_4", "rung_5", level=3)
    needed = {(*row.who, row.case) for pair in claims for row in pair}
    planner, machine = planner_of(rows, claims, budget=600.0, most_rounds=12), Machine(rows)
    simulate(planner, machine)
    counts = rounds_of(machine)
    assert min(counts[key] for key in needed) == 12
    # To forecast the claims, two rungs have met their smallest case once before.
    assert {counts[key] for key in kept(planner) - needed} == {5, 6}
    planner, machine = planner_of(rows, claims, budget=60.0, most_rounds=100), Machine(rows)
    simulate(planner, machine)
    assert 5 <= min(rounds_of(machine)[key] for key in needed) < 100
    assert machine.now <= 60


def test_a_claim_that_can_not_be_afforded_leaves_the_time_to_others():
    rows = rows_of(ladders(1), ["cpython"])
    claims = claims_about(rows, "rung_0", "rung_5", level=3)
    machine = Machine(rows, own={"rung_0": 1.0})
    planner = planner_of(rows, claims, budget=60.0, rounds=3)
    simulate(planner, machine)
    assert machine.now <= 60
    assert max(r.level for r in rows if (*r.who, r.case) in kept(planner)) > 0


def with_guests(examples: int, guests: int) -> list[Row]:
    told = ladders(examples)
    for ladder in told:
        ladder["rungs"][0]["every_interpreter"] = True
    return rows_of(told, ["cpython"], [f"guest-{i}" for i in range(guests)])


def test_guests_run_only_what_asks_for_them_and_get_their_smallest_cases_if_all_fits():
    rows = with_guests(examples=2, guests=9)
    planner, machine = planner_of(rows), Machine(rows)
    simulate(planner, machine)
    assert {row.rung for row in rows if row.guest} == {"rung_0"}
    assert {key[:3] for key in kept(planner)} == {row.who for row in rows}


def test_guests_are_the_first_to_be_left_out():
    rows = with_guests(examples=20, guests=9)
    planner, machine = planner_of(rows, budget=75.0, rounds=3), Machine(rows)
    simulate(planner, machine)
    left = {row.who for row in rows} - {key[:3] for key in kept(planner)}
    own = {row.who for row in rows if not row.guest}
    assert left
    if left & own:
        assert not {key[:3] for key in kept(planner)} - own


def test_a_guest_that_a_claim_is_about_stays_when_the_others_are_left_out():
    rows = with_guests(examples=8, guests=9)
    # The last of all would be the first to go; and of a larger case it has shown nothing.
    wanted = [row for row in rows if row.guest and row.level == 1][-1]
    own = next(row for row in rows if row.who[:2] == wanted.who[:2] and row.level == 1)
    claims = [(own, wanted)]
    planner, machine = planner_of(rows, claims, budget=75.0, rounds=3), Machine(rows)
    simulate(planner, machine)
    guests = {key for key in kept(planner) if key[2] != "cpython"}
    assert (*wanted.who, wanted.case) in guests
    assert len({key[:3] for key in guests}) < 9 * 8


def test_a_round_goes_through_one_example_after_the_other_each_time_in_another_order():
    rows = rows_of(ladders(3), ["cpython"])
    planner, machine = planner_of(rows, budget=75.0, rounds=3), Machine(rows)
    simulate(planner, machine)
    orders = set()
    for number in (2, 3):
        ran = [p for p in machine.ran if p.round == number and p.kind == "time"]
        turns = [p.example for p in ran]
        assert [name for name, _ in itertools.groupby(turns)] == list(dict.fromkeys(turns))
        orders.add(tuple(p.rung for p in ran))
    assert len(orders) == 2


def test_claims_that_decide_have_more_rounds_than_others():
    rows = rows_of(ladders(2), ["cpython"])
    deciding = claims_about(rows, "rung_4", "rung_5", level=1)
    others = claims_about(rows, "rung_2", "rung_3", level=1)
    planner = planner_of(rows, deciding + others, deciding, rounds=6, deciding_rounds=9)
    machine = Machine(rows)
    simulate(planner, machine)
    together = {
        pair: set.intersection(
            *(
                {
                    p.round
                    for p in machine.ran
                    if not p.counts and row.case in p.cases and p.who == row.who
                }
                for row in pair
            )
        )
        for pair in deciding + others
    }
    assert {len(together[pair]) for pair in deciding} == {9}
    assert {len(together[pair]) for pair in others} == {6}

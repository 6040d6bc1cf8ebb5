"""The machine against itself, by times that are made up."""

from __future__ import annotations

import random

import pytest

from suite.measure import noise
from suite.measure.noise import Cheap
from suite.runs.intervals import NOISE_FLOOR, ratio_interval, word
from synthetic_run import machine
from synthetic_run import noise as made_up_noise

ONE, TWO = Cheap("sums", "naive", "n:10/threads:1"), Cheap("sums", "shared", "n:10/threads:2")


def pairs(spread: float, count: int = 20, seed: int = 1, slower: float = 1.0) -> list:
    """Of one rung; `slower` is by how much the second half is."""
    chance = random.Random(seed)

    def time(number: int) -> float:
        return chance.lognormvariate(0, spread) * (slower if number >= count // 2 else 1.0)

    return [(time(number), time(number)) for number in range(count)]


def both(first: list, second: list) -> dict:
    every = [
        ({ONE: a, TWO: c}, {ONE: b, TWO: d}) for (a, b), (c, d) in zip(first, second, strict=True)
    ]
    return noise.found(every)


def test_where_all_pairs_are_alike_the_floor_is_none():
    assert noise.floor_of([(2.0, 2.0)] * 10) == 0.0


def test_which_of_a_pair_comes_first_makes_no_difference():
    told = pairs(0.05)
    assert noise.floor_of(told) == pytest.approx(noise.floor_of([(b, a) for a, b in told]), rel=0.1)


def test_what_is_noisier_has_the_higher_floor():
    quiet, loud = noise.floor_of(pairs(0.01)), noise.floor_of(pairs(0.10))
    assert 0.003 < quiet < 0.02
    assert 0.03 < loud < 0.2


@pytest.mark.parametrize("spread", [0.01, 0.05, 0.2])
def test_of_60_comparisons_of_nothing_with_nothing_hardly_any_shows_a_difference(spread):
    """Six rungs each; the floor is measured by others of the same machine."""
    floor = max(NOISE_FLOOR, noise.floor_of(pairs(spread, seed=99)))
    called = 0
    for seed in range(60 * 6):
        told = dict(enumerate(pairs(spread, count=7, seed=seed)))
        sides = ({n: pair[side] for n, pair in told.items()} for side in (0, 1))
        called += word(ratio_interval(*sides), floor) in ("faster", "slower")
    assert called <= 0.03 * 60 * 6


def test_the_machine_s_floor_is_that_of_its_noisiest_rung_and_never_below_the_usual():
    told = both(pairs(0.001), pairs(0.10))
    quiet, loud = told["rungs"]
    assert told["floor"] == loud["floor"] > quiet["floor"]
    assert told["rounds"] == 20
    assert both(pairs(0.0001), pairs(0.0001))["floor"] == NOISE_FLOOR


def test_a_rung_that_one_process_did_not_time_is_left_out():
    every = [({ONE: a, TWO: a}, {ONE: b, TWO: b}) for a, b in pairs(0.01)]
    every[3] = (every[3][0], {ONE: 1.0})
    assert [rung["rung"] for rung in noise.found(every)["rungs"]] == ["naive"]


def test_what_drifted_from_the_first_half_to_the_second_is_part_of_the_floor():
    told = both(pairs(0.001, slower=1.10), pairs(0.001, slower=1.10))
    assert told["drift"] == pytest.approx(0.10, abs=0.01)
    assert told["floor"] == pytest.approx(0.10, abs=0.01)


def catalogue() -> dict:
    def example(name: str) -> dict:
        cases = [
            {
                "label": f"n:{n}/threads:{t}",
                "parameters": {"n": n, "threads": t},
                "work": {"items": n},
            }
            for n in (1000, 10)
            for t in (1, 4)
        ]
        labels = [case["label"] for case in cases]
        rungs = [
            {"name": "slow", "number": 5, "language": "python", "threaded": False},
            {"name": "shared", "number": 30, "language": "c++", "threaded": True},
            {"name": "naive", "number": 10, "language": "c++", "threaded": False},
        ]
        for rung in rungs:
            rung["cases"] = [c for c in labels if rung["threaded"] or c.endswith("threads:1")]
        return {"name": name, "cases": cases, "rungs": rungs}

    return {"examples": [example(name) for name in "abcdefgh"]}


def test_a_handful_of_cheap_rungs_is_chosen_some_of_them_on_all_cores():
    told = [rung.label for rung in noise.chosen(catalogue())]
    assert told == [
        *(f"{name}/naive/n:10/threads:1" for name in "abcdef"),
        *(f"{name}/shared/n:10/threads:4" for name in "ab"),
    ]


def advice(floor: float = 0.04, **facts) -> str:
    told = {**machine(), "load_before": 0.0, "virtualization": "none", "cgroup": {}}
    told["noise"] = made_up_noise(floor)
    told.update(facts)
    return " ".join(noise.advice(told))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"governor": "powersave"}, "cpupower frequency-set --governor performance"),
        ({"power": "battery"}, "Plug it in."),
        ({"cgroup": {"cpu_quota": 1.5}}, "grants 1.5 of the 2 cores"),
        ({"virtualization": "kvm"}, "virtual machine"),
        ({"load_before": 2.5}, "At the start the load was 2.5"),
    ],
)
def test_what_makes_a_machine_noisy_is_named_with_what_to_do(facts, words):
    assert words in advice(**facts)
    assert words not in advice()


def test_what_others_took_and_the_hypervisor_stole_is_named():
    before = {"busy_seconds": 0.0, "steal_seconds": 0.0, "all_seconds": 0.0, "own_seconds": 0.0}
    after = {"busy_seconds": 50.0, "steal_seconds": 8.0, "all_seconds": 100.0, "own_seconds": 40.0}
    told = advice(
        processor_before={**before, "process": 1}, processor_after={**after, "process": 1}
    )
    assert "Other programs took 10% of the processors' time" in told
    assert "Others on the same hardware took 8% of the processors' time" in told


def test_threads_that_share_a_core_are_named_where_they_are_the_noisy_ones():
    own = made_up_noise(0.01)
    (rung,) = own["rungs"]
    own["rungs"] = [rung, {**rung, "case": "n:10/threads:4", "floor": 0.2}]
    own["floor"] = 0.2
    siblings = {**machine()["cpu"], "threads_per_core": 2}
    assert "OMP_PLACES=cores" in advice(noise=own, cpu=siblings)
    assert "OMP_PLACES=cores" not in advice(noise=own)
    assert "OMP_PLACES=cores" not in advice(cpu=siblings)


def test_of_a_quiet_machine_there_is_nothing_to_say():
    assert advice(floor=0.01) == ""
    assert advice(floor=0.01, virtualization="kvm") == ""

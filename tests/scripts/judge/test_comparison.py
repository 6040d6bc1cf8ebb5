"""Machines side by side: like with like, and no difference called that is none. By simulation."""

from __future__ import annotations

import pytest

from suite.judge import comparison
from suite.judge.comparison import Beside, compared
from suite.runs import results, timings
from suite.runs.timings import Timing, Timings
from synthetic_run import Builder, noise, two_examples

QUIET = 0.01  # noise of a machine on which 5 % can be told
ROUNDS = 7


def simulated(seed: int, slower: dict[str, float] | None = None) -> Timings:
    """A run of a machine that is always the same, of which some rungs may be slower."""
    builder = two_examples(ROUNDS, seed, QUIET)
    for row in builder.rows:
        for sample in row["samples"]:
            sample["seconds"] *= (slower or {}).get(row["rung"], 1.0)
    return timings.of_run(results.read(builder.document()))


def timing(rung: str = "sort", seconds=(1.0,) * 7, **more) -> Timing:
    return Timing("sums", rung, **{"case": "n:1", "seconds": tuple(seconds), **more})


def beside(base, other) -> Beside:
    sides = [Timings(name, name, "", {}, rows) for name, rows in (("a", base), ("b", other))]
    return compared(sides)[0]


def only(base: Timing, other: Timing) -> comparison.Compared:
    (row,) = beside([base], [other]).rows
    return row


def test_of_sixty_runs_beside_another_of_the_same_machine_at_most_3_rows_in_100_differ():
    every = [compared([simulated(2 * n), simulated(2 * n + 1)])[0] for n in range(60)]
    rows = [row for each in every for row in each.common]
    called = [row for row in rows if row.word in ("faster", "slower")]
    assert len(rows) > 60 * 90
    assert len(called) <= 0.03 * len(rows)
    assert {each.said(each.mean()) for each in every} <= {"within noise", "not separated"}


def test_a_rung_5_percent_slower_is_found_in_19_of_20_comparisons_and_nothing_else_is():
    found = 0
    for n in range(20):
        planted = simulated(1001 + 2 * n, {"hoisted": 1.05})
        (each,) = compared([simulated(1000 + 2 * n), planted])
        slower = {row.row.rung for row in each.having("slower")}
        assert slower | {row.row.rung for row in each.having("faster")} <= {"hoisted"}
        found += slower == {"hoisted"}
    assert found >= 19


def test_ratios_are_of_the_other_machine_over_the_base_and_speeds_the_other_way_round():
    row = only(timing(seconds=[1.0] * 7), timing(seconds=[2.0] * 7))
    assert row.word == "slower"
    assert row.ratio.value == pytest.approx(2.0)
    assert row.speed.value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"case": "n:2"}, "other case (n:1 and n:2)"),
        ({"threads": 4}, "other threads (1 and 4)"),
        ({"made_by": "Clang 14"}, "other compiler (GNU 12 and Clang 14)"),
        ({"flags": "-O0"}, "other flags (-O3 and -O0)"),
        ({"work": (("items", 3),)}, "other work"),
        ({"seconds": (), "reason": "no time"}, "measured on one alone (no time)"),
    ],
)
def test_only_like_is_compared_with_like(changes, why):
    own = {"language": "c++", "made_by": "GNU 12", "flags": "-O3"}
    row = only(timing(**own), timing(**{**own, **changes}))
    assert (row.word, row.why, row.ratio) == ("not comparable", why, None)


def test_of_two_interpreters_rows_are_not_compared():
    row = only(timing(made_by="CPython 3.11"), timing(made_by="CPython 3.12"))
    assert row.why == "other interpreter (CPython 3.11 and CPython 3.12)"


def test_what_is_on_one_machine_alone_is_named_once_and_in_no_mean():
    found = beside([timing("a"), timing("b")], [timing("b"), timing("c")])
    assert [(row.row.rung, row.word) for row in found.rows] == [
        ("a", "not comparable"),
        ("b", "within noise"),
        ("c", "not comparable"),
    ]
    assert len(found.mean().rows) == 1
    assert found.reasons() == {"measured on one alone": 2}


def test_a_row_that_was_told_beside_its_nearest_is_not_told_again():
    (row,) = beside([timing(threads=2)], [timing(threads=8)]).rows
    assert row.why == "other threads (2 and 8)"


def test_the_mean_is_geometric_with_least_and_most():
    base = [timing(name) for name in "abc"]
    other = [timing(name, [seconds] * 7) for name, seconds in zip("abc", (0.5, 1.0, 8.0))]
    mean = beside(base, other).mean()
    assert mean.speed.value == pytest.approx((2 * 1 / 8) ** (1 / 3))
    assert (mean.least.row.rung, mean.most.row.rung) == ("c", "a")
    assert beside(base, other).mean("nothing") is None


def test_from_fewer_than_five_rounds_nothing_is_called_and_no_mean_is_made_where_others_have_more():
    few = only(timing(seconds=[1.0] * 4), timing(seconds=[9.0] * 7))
    assert (few.word, few.why) == ("not separated", "4 rounds")
    both = beside([timing("a"), timing("b", [1.0])], [timing("a"), timing("b", [9.0])])
    assert [row.row.rung for row in both.mean().rows] == ["a"]
    alone = beside([timing("b", [1.0])], [timing("b", [9.0])])
    assert alone.said(alone.mean()) == "not separated"


def test_a_difference_below_what_the_machine_shows_to_itself_is_noise():
    def run(seed: int, seconds: float, drift: float, told: float | None = None) -> Timings:
        builder = Builder(7, seed, 0.001).ladder(
            "sums",
            cases=[{"label": "n:1", "parameters": {"n": 1}, "work": {"items": 1.0}}],
            rungs=two_examples().ladders[0]["rungs"][:1],
        )
        name = builder.ladders[0]["rungs"][0]["name"]
        builder.ok("sums", name, "n:1", seconds)
        row = builder.rows[0]
        sentinel = {key: row[key] for key in ("example", "rung", "case", "interpreter")}
        sentinel.update(round=1, first_seconds=1.0, again_seconds=1.0 + drift)
        document = builder.document(sentinels=[sentinel])
        document["machine"].update({} if told is None else {"noise": noise(told)})
        return timings.of_run(results.read(document))

    (calm,) = compared([run(1, 1.0, 0.001), run(2, 1.04, 0.001)])
    (restless,) = compared([run(1, 1.0, 0.001), run(2, 1.04, -0.08)])
    assert [row.word for row in calm.rows] == ["slower"]
    assert [row.word for row in restless.rows] == ["within noise"]
    assert restless.floor == pytest.approx(0.08)
    # What `make noise` found counts, too.
    (known,) = compared([run(1, 1.0, 0.001), run(2, 1.04, 0.001, told=0.06)])
    assert [row.word for row in known.rows] == ["within noise"]
    assert known.floor == pytest.approx(0.06)

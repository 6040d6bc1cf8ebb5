import numpy as np
import pytest

from suite.runs.intervals import (
    LEVEL,
    NOISE_FLOOR,
    Interval,
    common_rounds,
    difference_interval,
    enough,
    level,
    median_interval,
    noise_floor,
    ratio_interval,
    within_noise,
    word,
)


def by_round(values, first=1):
    return dict(enumerate(values, start=first))


def test_a_series_divided_by_itself_is_one_and_not_separated_from_it():
    values = by_round([1.0, 1.1, 0.9, 1.05, 0.97])
    assert ratio_interval(values, values) == Interval(1.0, 1.0, 1.0)
    assert not ratio_interval(values, values).separated


def test_what_slows_down_both_of_a_round_does_not_widen_their_ratio():
    drift = [1.0, 1.0, 3.0, 1.5, 1.0, 2.0]
    of, over = [2.0 * each for each in drift], drift
    assert ratio_interval(by_round(of), by_round(over)) == Interval(2.0, 2.0, 2.0)
    # A difference is never more than what the slowest round has of it.
    assert difference_interval(by_round(of), by_round(over)) == Interval(1.25, 1.0, 3.0)


def test_only_rounds_that_both_were_in_are_compared():
    of = by_round([2.0, 2.0, 2.0, 9.0, 9.0])
    over = by_round([1.0, 1.0, 1.0])
    assert common_rounds(of, over) == [1, 2, 3]
    assert ratio_interval(of, over) == Interval(2.0, 2.0, 2.0)


def test_of_rounds_that_are_not_common_however_many_there_is_a_value_but_never_enough():
    of, over = by_round([2.0] * 7 + [4.0] * 5), by_round([1.0] * 12, first=20)
    assert common_rounds(of, over) == []
    assert ratio_interval(of, over).value == 2.0
    assert not enough(of, over)
    assert not enough(by_round([1.0] * 12), by_round([1.0] * 12, first=8))
    assert enough(by_round([1.0] * 12), by_round([1.0] * 12, first=7))


def test_rounds_that_never_vary_give_a_point():
    assert median_interval([2.0, 2.0, 2.0]) == Interval(2.0, 2.0, 2.0)
    assert ratio_interval(by_round([6.0] * 5), by_round([2.0] * 5)) == Interval(3.0, 3.0, 3.0)


def test_an_interval_lies_within_what_was_measured_and_around_the_median():
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    interval = median_interval(values)
    assert interval.value == 3.0
    assert (interval.low, interval.high) == (1.0, 5.0)


def test_one_wild_round_of_many_does_not_widen_the_interval_to_it():
    calm = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 0.99, 1.0]
    assert median_interval([*calm, 50.0]).high < 1.1


@pytest.mark.parametrize(
    ("rounds", "left_out", "holds"),
    [(1, 0, 0.0), (3, 0, 0.75), (5, 0, 0.9375), (6, 0, 0.96875), (9, 1, 1 - 20 / 512)],
)
def test_the_level_is_that_of_a_coin_thrown_once_a_round(rounds, left_out, holds):
    values = [float(number) for number in range(rounds)]
    assert median_interval(values) == Interval((rounds - 1) / 2, left_out, rounds - 1 - left_out)
    assert level(rounds) == holds


def test_six_rounds_are_the_fewest_for_an_interval_of_95_percent_and_more_never_fall_below():
    assert level(0) == 0.0
    assert [rounds for rounds in range(200) if level(rounds) >= LEVEL] == [*range(6, 200)]


@pytest.mark.parametrize("rounds", [1, 2, 5, 6, 8, 9])
def test_a_ratio_the_other_way_round_is_its_reciprocal(rounds):
    values = np.random.default_rng(7).lognormal(0, 1, (2, rounds))
    of, over = (by_round(each) for each in values)
    ratio, other = ratio_interval(of, over), ratio_interval(over, of)
    assert ratio.low <= ratio.value <= ratio.high
    expected = [1 / ratio.value, 1 / ratio.high, 1 / ratio.low]
    assert [other.value, other.low, other.high] == pytest.approx(expected)


def test_the_interval_does_not_depend_on_the_order_or_the_unit():
    of, over = [1.0, 1.2, 1.1, 1.3, 0.9], [2.0, 2.1, 1.9, 2.2, 2.05]
    ratio = ratio_interval(by_round(of), by_round(over))
    in_milliseconds = ratio_interval(
        by_round([1e3 * s for s in of]), by_round([1e3 * s for s in over])
    )
    assert in_milliseconds.low == pytest.approx(ratio.low)
    assert in_milliseconds.high == pytest.approx(ratio.high)


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (Interval(0.5, 0.45, 0.55), "faster"),
        (Interval(2.0, 1.8, 2.2), "slower"),
        (Interval(1.005, 1.002, 1.008), "within noise"),
        (Interval(1.0, 0.995, 1.004), "within noise"),
        (Interval(1.1, 0.9, 1.3), "not separated"),
        (Interval(1.0, 0.5, 2.0), "not separated"),
    ],
)
def test_different_needs_an_interval_without_one_and_an_effect_beyond_noise(ratio, said):
    assert word(ratio) == said


@pytest.mark.parametrize(("ratio", "within"), [(1.0, True), (1.04, True), (1.06, False)])
def test_within_noise_a_ratio_and_its_reciprocal_are_alike(ratio, within):
    assert within_noise(ratio, 0.05) == within_noise(1 / ratio, 0.05) == within


def test_of_two_machines_the_noisier_one_says_what_can_be_told_apart():
    assert noise_floor({}) == NOISE_FLOOR
    assert noise_floor({}, {"noise": {"floor": 0.03}}) == 0.03
    assert noise_floor({"noise": {"floor": 0.02}}, {"noise": {"floor": 0.03}}) == 0.03


def test_a_noisier_machine_calls_more_of_it_noise():
    ratio = Interval(1.04, 1.03, 1.049)
    assert word(ratio) == "slower"
    assert word(ratio, noise=0.05) == "within noise"

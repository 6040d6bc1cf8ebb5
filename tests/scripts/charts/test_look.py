import pytest

from words_of_charts import assert_words_are_apart

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from suite.charts._look import Look, Words, around, broken, times_axis


def test_a_name_that_fits_into_a_line_is_never_broken():
    title = "numpy_matrix_product 80 times faster than python_talk"
    for letters in range(22, len(title)):
        assert not any(line.endswith("_") for line in broken(title, letters).split("\n"))


def test_a_long_name_is_broken_behind_an_underscore_and_loses_nothing():
    name = "05 a_name_that_is_far_too_long_for_the_width_it_is_given"
    lines = broken(name, 20).split("\n")
    assert len(lines) > 1
    assert "".join(lines) == name
    assert all(line.endswith("_") and len(line) <= 20 for line in lines[:-1])
    assert broken("CPython 3.13.1, free-threaded", 20) == "CPython 3.13.1,\nfree-threaded"


def test_a_number_stays_with_what_it_counts():
    assert broken("late by 93.9 µs in all", 13) == "late by\n93.9 µs in\nall"
    assert broken("30 interval_lock ×2, 42 threads ×4", 24) == "30 interval_lock ×2,\n42 threads ×4"


@pytest.mark.parametrize("dots_per_inch", [54, 75, 200])
def test_lines_of_words_are_as_far_apart_at_any_resolution(dots_per_inch):
    notes = [" ".join(["a word", "and others"] * 60), "the last note"]
    figure, axes = Look().figure(Words("title", "myth", "what", "alt", notes), height=2.0)
    axes.remove()
    figure.set_dpi(dots_per_inch)
    assert_words_are_apart(figure, f"{dots_per_inch} dots per inch")


@pytest.mark.parametrize("seconds", [3e-10, 2e-9, 0.0436, 70.0, 5000.0, 4e5])
def test_an_axis_of_times_has_two_ticks_however_alike_they_are(seconds):
    axes = Figure(figsize=(8, 4)).add_subplot()
    times_axis(axes.xaxis)
    axes.set_xlim(*around([seconds, 1.01 * seconds]))
    assert len(axes.get_xticks()) >= 2

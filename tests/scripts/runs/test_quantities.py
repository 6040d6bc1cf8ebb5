import pytest

from suite.runs.quantities import count_text, digits, factor_text, plural, size_text, time_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3.2e-10, "0.320 ns"),
        (30e-9, "30.0 ns"),
        (999.4e-9, "999 ns"),
        (999.6e-9, "1.00 µs"),
        (0.0123, "12.3 ms"),
        (1.0, "1.00 s"),
        (119.4, "119 s"),
        (150.0, "2.5 min"),
        (3 * 3600.0, "3.0 h"),
        (4.7 * 86400, "4.7 days"),
        (3.2 * 365.25 * 86400, "3.2 years"),
    ],
)
def test_a_time_is_told_in_the_unit_that_people_use(seconds, text):
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (31e6, "31.0 MB"), (8e10, "80.0 GB"), (2.5e12, "2.50 TB")],
)
def test_a_size_is_told_in_powers_of_ten(size, text):
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (372, "372"), (2138, "2,138"), (1.6e7, "16.0 million"), (1e10, "10.0 billion")],
)
def test_a_count_is_told_whole_until_nobody_reads_its_last_digits(count, text):
    assert count_text(count) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(9.996, "10.0"), (0.09996, "0.100"), (53118.6, "53,100"), (0.000123, "0.000123"), (1, "1.00")],
)
def test_rounding_keeps_three_digits_even_where_it_carries(value, text):
    assert digits(value) == text


def test_factors_and_plurals_read_well():
    assert factor_text(12.34) == "12.3×"
    assert factor_text(2.76e12) == "2.76 trillion×"
    assert (plural(1, "round"), plural(5, "round")) == ("1 round", "5 rounds")

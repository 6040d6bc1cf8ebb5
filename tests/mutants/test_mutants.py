"""Every mutant of the catalogue is killed, and what it is made from is not."""

from __future__ import annotations

import pytest

from mutant import Mutant, NotKilled, catalogue
from planting import Skipped
from run import Execution, by_example, write_table

MUTANTS = catalogue()
EXAMPLES = list(by_example(MUTANTS))


@pytest.fixture(scope="module")
def execution(request):
    chosen = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    wanted = [each["mutant"] for each in chosen if isinstance(each.get("mutant"), Mutant)]
    running = Execution(wanted or MUTANTS)
    yield running
    running.stop()


def result_of(future) -> None:
    try:
        future.result()
    except Skipped as lacking:
        pytest.skip(str(lacking))
    except NotKilled as failure:
        pytest.fail(str(failure), pytrace=False)


def test_names_of_mutants_are_used_once():
    names = [mutant.name for mutant in MUTANTS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("example", EXAMPLES)
def test_without_a_fault_nothing_is_found(example, execution):
    result_of(execution.controls[example])


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_killed(mutant, execution):
    result_of(execution.killings[mutant])


def test_a_mutant_that_no_longer_applies_says_so():
    gone = Mutant("gone", "matmul/10_naive.cpp", "no such text", "", "nothing is broken")
    with pytest.raises(NotKilled, match="gone no longer applies: .*matmul/10_naive.cpp.* 0 times"):
        gone.source()


def test_the_table_is_written(execution, record_property):
    record_property("summary", write_table(execution))

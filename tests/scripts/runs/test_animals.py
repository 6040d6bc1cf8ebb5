"""Animals stand for machines: always the same one, never one for two."""

from __future__ import annotations

from class_of_runs import small_run
from suite.runs import results
from suite.runs.animals import ANIMALS, MOODS, animal, animals, fingerprint


def marks(count: int) -> list[str]:
    return [f"{number * 2**40:016x}" for number in range(count)]


def test_no_mood_and_no_animal_is_listed_twice():
    assert len(set(MOODS)) == len(MOODS)
    assert len(set(ANIMALS)) == len(ANIMALS)


def test_no_two_machines_of_a_class_have_one_name():
    every = marks(20_000)  # more than there are names
    assert len(set(animals(every).values())) == len(every)


def test_names_depend_on_the_runs_alone_and_not_on_their_order():
    assert animals(marks(300)) == animals(reversed(marks(300)))


def test_whoever_has_no_namesake_keeps_the_name_that_the_run_itself_gives():
    alone = marks(1)[0]
    assert animals([alone]) == {alone: animal(alone)}


def test_another_name_of_the_host_leaves_the_mark_as_it_is_and_another_time_does_not():
    document = small_run(1)
    mark = fingerprint(results.read(document))
    document["machine"]["name"] = "elsewhere"
    assert fingerprint(results.read(document)) == mark
    document["rows"][0]["samples"][0]["seconds"] *= 1.0001
    assert fingerprint(results.read(document)) != mark

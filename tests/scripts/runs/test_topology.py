"""What a passport says of how the processors lie to each other."""

import pytest

from suite.runs.topology import begins_in, count, levels, loads, meets, places, summary
from synthetic_run import topology


@pytest.mark.parametrize(
    ("processors", "many"), [("", 0), ("7", 1), ("0-3", 4), ("0-1,64-65", 4), ("5-3", 0)]
)
def test_processors_are_counted_by_their_ranges(processors, many):
    assert count(processors) == many


def test_a_part_is_where_its_first_processor_is():
    assert begins_in("2,66", "0-3,64-67")
    assert not begins_in("4", "0-3,64-67")
    assert not begins_in("", "0-3")
    assert meets("0,64", "60-70")
    assert not meets("0,64", "1-63")


def test_a_summary_counts_what_there_is_and_says_who_may_be_used():
    told = topology(nodes=2, cores=4, threads=2)
    assert summary(told) == "1 socket, 2 NUMA nodes, 8 cores, 16 threads"
    assert summary({**told, "usable": "0-3"}).endswith("16 threads (4 may be used: 0-3)")
    assert ", of several kinds: 4 cores and 4 cores" in summary(
        {**told, "kinds": ["0-3,8-11", "4-7,12-15"]}
    )


def test_of_a_system_that_tells_nothing_the_usable_processors_are_told():
    nothing = {"packages": [], "cores": [], "nodes": [], "caches": [], "kinds": []}
    told = {"told_by": "/sys", "usable": "0-1", **nothing}
    assert summary(told) == "2 threads"
    assert places(told) == []
    assert levels(told) == []


def test_cores_lie_with_those_that_share_their_node_and_their_largest_cache():
    told = topology(nodes=2, cores=4)
    assert [(p.node, len(p.cores), p.cache_level) for p in places(told)] == [(0, 4, 3), (1, 4, 3)]
    halves = [
        {"level": 3, "size_bytes": 1 << 24, "processors": f"{first}-{first + 1}"}
        for first in range(0, 8, 2)
    ]
    split = {**told, "caches": halves}
    assert [(p.node, len(p.cores)) for p in places(split)] == [(0, 2), (0, 2), (1, 2), (1, 2)]


def test_a_last_level_of_each_core_s_own_makes_no_places():
    told = topology(nodes=1, cores=4)
    own = {**told, "caches": [cache for cache in told["caches"] if cache["level"] < 3]}
    (place,) = places(own)
    assert len(place.cores) == 4
    assert place.cache_bytes is None


def test_cores_that_may_not_be_used_and_thrifty_ones_are_told_from_the_others():
    told = {**topology(nodes=1, cores=4), "usable": "0,2", "kinds": ["2-3", "0-1"]}
    (place,) = places(told)
    assert [core.usable for core in place.cores] == [True, False, True, False]
    assert [core.thrifty for core in place.cores] == [False, False, True, True]


def test_levels_are_those_of_a_core_that_may_be_used():
    told = topology(nodes=2, cores=4)
    assert levels({**told, "usable": "5-6"}) == [
        ("L1", "32 KiB of 1 core"),
        ("L2", "1 MiB of 1 core"),
        ("L3", "35.75 MiB of 4 cores"),
    ]


def test_a_load_in_a_cache_is_one_of_an_array_that_it_surely_holds():
    sizes = [("L1", 8), ("L1", 16), ("L1", 32), ("L2", 64), ("memory", 128), ("memory", 256)]
    ladder = [{"level": level, "bytes": size, "seconds": float(size)} for level, size in sizes]
    assert loads(ladder) == {"L1": 16.0, "L2": 64.0, "memory": 256.0}
    assert loads([]) == {}


def test_a_stranger_s_lists_are_never_spelt_out():
    huge = ",".join(["0-99999"] * 600)
    told = {**topology(), "cores": [huge] * 20, "usable": huge}
    assert count(told["usable"]) == 600 * 100_000
    assert [core.threads for core in places(told)[0].cores] == [600 * 100_000] * 20

"""The picture of the machine: its cores, and what its levels give."""

import pytest

from suite import charts
from suite.charts import topology as chart
from suite.pages import machine_pictures
from suite.runs import results
from synthetic_run import machine, topology, two_examples

pytest.importorskip("matplotlib")


def shown(**facts):
    run = results.read(two_examples().document(machine={**machine(), **facts}))
    return chart.shown(run, run.machine)


def test_levels_stand_from_the_core_to_memory_with_what_they_give():
    levels = shown().levels
    assert [level.name for level in levels[2:]] == ["L1", "L3", "memory"]
    assert levels[3].about == "35.75 MiB of 2 cores"
    assert levels[-1].rates == ["10.0 GB/s", "20.0 GB/s"]  # streaming stores give more
    assert levels[-1].load == "96.0 ns"


def test_a_level_that_one_scope_lacks_keeps_its_place():
    ceilings = machine()["ceilings"]
    del ceilings["peaks"][0]["bandwidths"][1]
    levels = shown(ceilings=ceilings).levels
    assert [level.name for level in levels[2:]] == ["L1", "L3", "memory"]
    assert levels[3].rates == ["not measured", "80.0 GB/s"]


def test_a_machine_without_topology_or_ceilings_has_no_picture():
    told = machine()
    for lacking in ("topology", "ceilings"):
        run = results.read(
            two_examples().document(machine={n: v for n, v in told.items() if n != lacking})
        )
        assert chart.shown(run, run.machine) is None


@pytest.mark.parametrize("narrow", [False, True])
def test_every_core_is_drawn_once(narrow):
    told = shown(topology=topology(nodes=8, cores=16, threads=2))
    from suite.charts._look import Look

    figure = chart.draw(told, Look(narrow=narrow))
    (axes,) = figure.axes
    squares = [p for p in axes.patches if p.get_width() == pytest.approx(chart.CORE)]
    assert len(squares) == 128
    assert len(axes.patches) == 128 + 8


def test_of_many_places_some_are_drawn_and_the_others_counted():
    told = shown(topology=topology(nodes=40, cores=2))
    assert chart.words(told).notes == ["24 more places like these"]


def test_pictures_lie_beside_the_passport(tmp_path):
    passport = {
        "schema_version": 1,
        "written": "2026-11-22T14:00:00Z",
        "anonymous": False,
        "suite": {"version": "0.1.0", "commit": "0123456789abcdef", "dirty": False},
        "machine": machine(),
    }
    results.write_json(tmp_path / "passport.json", passport)
    drawn = machine_pictures.draw(tmp_path / "passport.json")
    assert len(drawn) == 4
    assert all(file.stat().st_size > 1000 for file in drawn)
    (chart_of_machine,) = charts.of_machine(machine_pictures.run_of(passport))
    assert "L3 (35.75 MiB of 2 cores): 40.0 GB/s for 1 core" in chart_of_machine.alt
    assert (tmp_path / "machine-topology.txt").read_text() == f"{chart_of_machine.alt}\n"

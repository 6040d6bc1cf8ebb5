from suite.runs import results
from suite.runs.amounts import counts_text, phases_text
from synthetic_run import close


def test_what_a_rung_notes_is_told_in_units_by_the_ends_of_the_names():
    notes = {
        "build_seconds": 0.031,
        "search_seconds": 0.012,
        "nodes_visited": 64,
        "tree_bytes": 2e6,
    }
    builder = close()
    builder.rows[-1]["samples"] = [{"round": 0, "seconds": 1.0, "notes": notes}]
    row = results.read(builder.document()).rows[-1]
    assert phases_text(row) == "build 31.0 ms + search 12.0 ms"
    assert counts_text(row) == "nodes visited 64, tree 2.00 MB"

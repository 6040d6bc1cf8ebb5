"""What `locate --plot` writes of an event, made up."""

from __future__ import annotations


def document(x=(0, 100, 200), y=(0, 100, 200, 300), z=(-500, 0), **changes) -> dict:
    """What locate --plot writes of an event in the middle of a small grid."""

    def plane(rows, columns) -> list[list[float | None]]:
        return [[10.0 * (r + c) + 5 for c in range(len(columns))] for r in range(len(rows))]

    return {
        "event": "e1",
        "source": {"x_m": x[0], "y_m": y[0], "z_m": z[0], "A": 7, "per_cent_error": 5.0},
        "stations": [
            {"station": "A", "x_m": 40, "y_m": 250, "z_m": -100, "recorded": True},
            {"station": "B", "x_m": 190, "y_m": 20, "z_m": -20, "recorded": False},
        ],
        "x_m": list(x),
        "y_m": list(y),
        "z_m": list(z),
        "per_cent_error_by_y_and_x": plane(y, x),
        "per_cent_error_by_z_and_x": plane(z, x),
        "per_cent_error_by_z_and_y": plane(z, y),
        **changes,
    }

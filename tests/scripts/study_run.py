"""A made-up study beside a run."""

STUDY = {
    "example": "locator",
    "title": "Locating on finer grids",
    "x": "nodes of the grid",
    "per": "event",
    "setting": "Made up, 3 rounds",
    "binary_sha256": "00" * 32,
    "growth": {
        "fused: seconds": {
            "points": [[1e5, 1e-3], [1e6, 1e-2], [1e7, 1e-1]],
            "exponent": {"value": 1.0, "low": 0.98, "high": 1.02},
        },
        "search: seconds": {
            "points": [[1e7, 1.1e-1], [1e5, 1e-3]],
            "exponent": {"value": 1.02},
        },
        "search: seconds of search alone": {
            "points": [[1e5, 0.9e-3], [1e7, 0.9e-1]],
            "exponent": {"value": 1.0, "low": 0.9, "high": 1.1},
        },
        "search: nodes visited": {
            "points": [[1e5, 64], [1e7, 640]],
            "exponent": {"value": 0.5, "low": 0.4, "high": 0.6},
        },
    },
    "model": [
        {"rung": "fused", "case": {"n": n}, "fitted": n < 3, "predicted_seconds": 1.0,
         "measured_seconds": seconds}
        for n, seconds in ((1, 1.0), (2, 1.0), (3, 1.25), (4, 0.8))
    ],
}  # fmt: skip

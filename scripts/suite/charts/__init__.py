"""One file per kind of chart, and the look that they share."""

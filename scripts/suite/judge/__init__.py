"""What the numbers of a run mean: claims and verdicts, doubts, crossovers, climbs, reality."""

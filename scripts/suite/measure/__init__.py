"""From a plan to a run: forecasts, processes, interpreters, progress on the terminal."""

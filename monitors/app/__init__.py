"""Settings, logs, wiring, schedule and the command line: the only place that knows everything."""

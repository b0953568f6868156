"""Load and crash tests against a real `planner serve`."""

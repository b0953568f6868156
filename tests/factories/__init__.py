"""Builders for tests, one per model, one file per room."""

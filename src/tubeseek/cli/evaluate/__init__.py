"""The commands that measure: `eval` and `prepare`."""

"""Runs the commands that measure: `tubeseek eval` and `tubeseek prepare`."""

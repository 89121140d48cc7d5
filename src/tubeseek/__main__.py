"""Runs `tubeseek` as `python -m tubeseek`."""

from tubeseek.cli import main

main()

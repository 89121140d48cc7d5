"""`python -m tubeseek` is `tubeseek`."""

from tubeseek.cli import main

main()

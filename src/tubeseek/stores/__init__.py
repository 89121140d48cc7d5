"""Vector stores, one file for each."""

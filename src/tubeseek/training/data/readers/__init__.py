"""Readers of the data sets that pairs come from."""

"""Reads the data sets and libraries that pairs come from."""

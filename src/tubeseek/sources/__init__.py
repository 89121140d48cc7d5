"""Reads the places that videos come from."""

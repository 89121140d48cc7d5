"""Reads folders of videos, and datasets, on this machine."""

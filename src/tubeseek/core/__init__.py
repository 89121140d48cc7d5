"""Defines what all rooms share: types, protocols, errors, settings and messages; no vendor."""

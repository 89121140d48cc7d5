"""Adapts encoders to a library: pairs, splits, losses."""

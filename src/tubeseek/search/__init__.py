"""Turns search requests into answers."""

"""Encoders that read words only."""

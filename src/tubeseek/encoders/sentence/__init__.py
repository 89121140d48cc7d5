"""Encodes the meaning of words, without pictures."""

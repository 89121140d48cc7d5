"""Stores vectors and words, in a folder or on a Qdrant server."""

"""Stores of vectors and of words, in a folder or on a Qdrant server."""

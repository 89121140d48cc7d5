"""Stores vectors and words on a Qdrant server or cluster."""

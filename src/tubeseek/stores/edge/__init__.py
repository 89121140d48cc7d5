"""Stores vectors and words in a folder of the library, on Qdrant Edge."""

"""Stores in a folder of the library, on Qdrant Edge."""

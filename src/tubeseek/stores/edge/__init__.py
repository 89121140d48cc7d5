"""Stores in a folder of the library, kept by Qdrant Edge."""

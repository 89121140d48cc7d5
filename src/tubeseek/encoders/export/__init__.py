"""Exports encoders and adapters as folders with a model card, and uploads them to the hub."""

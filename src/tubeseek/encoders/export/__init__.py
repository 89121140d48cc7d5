"""Encoders and adapters handed on: as folders that others load, with a card, and on the hub."""

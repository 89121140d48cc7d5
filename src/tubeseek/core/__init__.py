"""The words of the house: types, protocols, errors, settings and messages. It imports no vendor."""

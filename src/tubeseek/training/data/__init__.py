"""Pairs of pictures and texts to train on."""

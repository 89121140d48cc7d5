"""Reads, checks, divides and augments the pairs of pictures and texts to train on."""

"""Runs the starter encoder, which works offline."""

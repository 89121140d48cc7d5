"""Serves a library over HTTP, as a REST API."""

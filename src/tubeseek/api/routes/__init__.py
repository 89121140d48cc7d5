"""Defines the routes of the REST API."""

"""Draws the app in the browser, as a client of the server."""

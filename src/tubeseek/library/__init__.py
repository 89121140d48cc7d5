"""A library that is open: in this process, or in a server."""

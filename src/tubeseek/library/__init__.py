"""Opens libraries, in this process or in a server."""

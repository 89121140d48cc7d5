"""The REST API: a library served over HTTP."""

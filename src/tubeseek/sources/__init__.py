"""Places that videos come from, one file for each kind."""

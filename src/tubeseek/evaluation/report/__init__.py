"""A report that can be read without tubeseek: HTML in one file, and the plots beside it."""

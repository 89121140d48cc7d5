"""A report that can be read without tubeseek: HTML in one file, Markdown, and the plots."""

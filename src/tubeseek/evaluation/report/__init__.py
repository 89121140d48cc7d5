"""Makes reports that can be read without tubeseek: one HTML file, and its plots beside it."""

"""Pictures and video files: reading pixels safely."""

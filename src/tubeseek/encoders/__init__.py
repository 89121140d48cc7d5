"""Opens encoders, which map texts and pictures to vectors."""

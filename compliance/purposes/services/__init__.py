"""What changes, or is said aloud, about the register."""

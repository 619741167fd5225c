"""What the on-device ear knows of English: sentences, numbers, names, sounds."""

"""What is held and why: the register of processing, and who answers for it."""

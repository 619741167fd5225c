"""The load: a process that is the carrier to many calls at once."""

"""The peers we are measured beside."""

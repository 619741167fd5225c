"""How many tries a guesser has."""

from django.apps import AppConfig


class GuessingConfig(AppConfig):
    """Counters of tries, in the database alone."""

    name = "accounts.guessing"
    label = "guessing"

"""An ear and a mouth that need no key and no network."""

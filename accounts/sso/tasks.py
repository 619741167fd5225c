"""Jobs of single sign-on."""

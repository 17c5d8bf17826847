"""One function = one transaction."""

"""The outbox, and where it goes to."""

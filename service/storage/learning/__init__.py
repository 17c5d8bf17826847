"""What people decided, read for learning, and the models that came of it."""

"""A message read: its places, subject, sentences and demands."""

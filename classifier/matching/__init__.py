"""Whether two messages are about the same matter, and by what one finds the other."""

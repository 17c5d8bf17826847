"""Full-text search: what is indexed, and the ways to find it."""

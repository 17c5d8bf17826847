"""One file a migration, in a line."""

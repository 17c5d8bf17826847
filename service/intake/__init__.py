"""Files in, messages or rejects out. Pure apart from reading the file."""

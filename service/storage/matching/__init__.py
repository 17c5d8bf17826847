"""By what later messages find the matters they belong to."""

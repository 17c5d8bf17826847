"""The way through all that is stored, part by part."""

"""Nouns of the product. They import the standard library only."""

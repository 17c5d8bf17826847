"""Digests made, kept and sent by schedule."""

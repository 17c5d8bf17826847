"""Copies, backup files, and what is past its period."""

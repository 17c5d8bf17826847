"""Committees, studios, members, departments, and what an administrator laid down."""

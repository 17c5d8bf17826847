"""Backup, retention, keys and the audit."""

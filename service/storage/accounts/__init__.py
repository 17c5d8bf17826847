"""Accounts, their sessions, tokens and attempts."""

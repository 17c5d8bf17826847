"""Verbs of triage, pure, one file per step of the flow."""

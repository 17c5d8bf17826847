"""Matters: found, filtered, claimed, merged, parted, and their histories."""

"""Matters seen, found, claimed, merged and parted."""

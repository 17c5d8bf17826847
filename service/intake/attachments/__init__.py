"""Attachments at the door: known by their content, made anew without what could act or tell."""

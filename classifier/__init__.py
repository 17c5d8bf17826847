"""Text in, judgement out. No HTTP, no SQL, no settings; nothing is loaded at import."""

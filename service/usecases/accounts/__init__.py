"""Who may log in, by what they prove it, and the tokens of programs."""

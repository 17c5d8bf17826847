"""Messages understood, by one process or several, and joined to matters."""

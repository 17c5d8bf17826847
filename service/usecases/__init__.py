"""One function = one transaction. Each room asks those below it only (see ``pyproject.toml``)."""

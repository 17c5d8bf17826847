"""The only SQL: tables, migrations, and stores in rooms (see ``pyproject.toml``)."""

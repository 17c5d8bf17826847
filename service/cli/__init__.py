"""The command line: ``minqing``."""

from service.cli.main import main

__all__ = ["main"]

"""The commands; each imports what it needs when it is called, so that starting is quick."""

from __future__ import annotations

import logging
import sys

import click

from service.cli.digest import digest
from service.cli.directory import directory
from service.cli.intake import import_command, status, triage
from service.cli.run import run, serve
from service.cli.training import train_default
from service.errors import MinqingError

USAGE_ERROR = 2


class Commands(click.Group):
    """Shows errors of the product as one Chinese line, without a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit with 2 when it raises an error of the product."""
        from classifier.errors import ClassifierError

        try:
            return super().invoke(ctx)
        except (MinqingError, ClassifierError) as error:
            message = error.message if isinstance(error, MinqingError) else str(error)
            click.echo(f"错误：{message}", err=True)
            sys.exit(USAGE_ERROR)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minqing")
def main() -> None:
    """民情：委员工作室群众来信分办系统。"""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")


for command in (run, serve, import_command, status, triage, digest, directory, train_default):
    main.add_command(command)

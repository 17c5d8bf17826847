"""The commands; each imports what it needs when it is called, so that starting is quick."""

from __future__ import annotations

import logging
import sys
from typing import NoReturn

import click

from service.cli.account import account
from service.cli.archive import reclassify_command, rematch_command
from service.cli.audit import audit
from service.cli.backup import backup, restore
from service.cli.calendar import calendar
from service.cli.digest import digest
from service.cli.directory import directory
from service.cli.erase import erase
from service.cli.evaluate import evaluate
from service.cli.group import group
from service.cli.help import ChineseGroup
from service.cli.intake import import_command, status, triage
from service.cli.key import key
from service.cli.learn import learn, model
from service.cli.mail import mail
from service.cli.predict import predict
from service.cli.rejects import rejects
from service.cli.retention import retention
from service.cli.rules import rules
from service.cli.run import run, serve
from service.cli.train import train
from service.cli.training import train_default
from service.cli.usage import usage_line
from service.cli.webhook import webhook
from service.cli.words import words
from service.errors import MinqingError

USAGE_ERROR = 2


class Commands(ChineseGroup):
    """Shows errors of the product and of its use as one Chinese line, without a trace."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command's name; exit with 2 where it is wrong."""
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            _fail(usage_line(error))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit with 2 when it raises an error of the product."""
        from classifier.errors import ClassifierError
        from training.errors import TrainingError

        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            _fail(usage_line(error))
        except MinqingError as error:
            _fail(error.message)
        except (ClassifierError, TrainingError) as error:
            _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(f"错误：{message}", err=True)
    sys.exit(USAGE_ERROR)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minqing", message="%(prog)s %(version)s")
def main() -> None:
    """民情：委员工作室群众来信分办系统。"""
    # A failure is told in one line; the desk logs more.
    logging.basicConfig(level=logging.ERROR, format="%(message)s")


for command in (
    run,
    serve,
    import_command,
    status,
    reclassify_command,
    rematch_command,
    triage,
    group,
    digest,
    directory,
    erase,
    account,
    audit,
    backup,
    restore,
    calendar,
    key,
    mail,
    rejects,
    retention,
    rules,
    words,
    train_default,
    learn,
    model,
    train,
    predict,
    evaluate,
    webhook,
):
    main.add_command(command)

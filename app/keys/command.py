"""The keys command: its arguments, its settings and its output."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.api.api_keys.schemas import DEFAULT_HOURLY, MAX_HOURLY
from app.command_line import print_json, print_table, shell_command, tell, with_database
from app.keys.stored_keys import MIN_START, create_key, find_keys, revoke_key

if TYPE_CHECKING:
    from app.keys.stored_keys import KeyShown

NAME = "Command line"
_TITLES = ("ID", "FINGERPRINT", "NAME", "USER", "PER HOUR", "ACTIVE", "CREATED", "LAST USED", "EXPIRES")


def run(arguments: list[str] | None = None) -> int:
    """Run one of the commands in the database that the settings name, or else in the embedded one.

    Raises:
        FatalError: there is no such user or key, or the database can't be used.
    """
    options = _parser().parse_args(arguments)
    options.run(options)
    return 0


def _create(options: argparse.Namespace) -> None:
    key, shown = with_database(lambda db: create_key(db, options.user, options.name, options.rate_limit))
    if options.json:
        print_json({"key": key, **shown.members()})
        return
    tell(f"A key of {shown.user} ({shown.role}). It is shown this once:")
    # Alone on standard output, so that a shell can take it: KEY=$(python -m app.keys create …).
    print(key, flush=True)


def _list(options: argparse.Namespace) -> None:
    keys = with_database(lambda db: find_keys(db, options.user))
    if options.json:
        print_json([key.members() for key in keys])
    elif keys:
        print_table(_TITLES, [_row(key) for key in keys])
    else:
        tell(f"There are no keys. To make one: {shell_command('python -m app.keys create --user EMAIL')}")


def _revoke(options: argparse.Namespace) -> None:
    key = with_database(lambda db: revoke_key(db, options.key))
    if options.json:
        print_json(key.members())
    else:
        tell(f"Revoked: {key.id}, the key {key.name!r} of {key.user}.")


def _row(key: KeyShown) -> tuple[object, ...]:
    return (
        key.id, key.fingerprint, key.name, key.user, key.rate_limit, key.is_active,
        key.created, key.last_used, key.expires,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.keys", description="API keys of the service.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="make a key")
    create.set_defaults(run=_create)
    create.add_argument("--user", required=True, metavar="EMAIL", help="whose key it is: an address, or an id")
    create.add_argument("--name", default=NAME, help=f"what it is called in lists (default: {NAME})")
    create.add_argument(
        "--rate-limit", type=_limit, default=DEFAULT_HOURLY, metavar="N",
        help=f"requests per hour (default: {DEFAULT_HOURLY})",
    )  # fmt: skip
    listed = commands.add_parser("list", help="list the keys, without what signs in")
    listed.set_defaults(run=_list)
    listed.add_argument("--user", metavar="EMAIL", help="only the keys of this user: an address, or an id")
    revoke = commands.add_parser("revoke", help="delete a key, so that it no longer works")
    revoke.set_defaults(run=_revoke)
    revoke.add_argument(
        "key", metavar="KEY",
        help=f"its id or fingerprint, or the first {MIN_START} or more characters of one; or the key itself",
    )  # fmt: skip
    for command in (create, listed, revoke):
        command.add_argument("--json", action="store_true", help="print JSON, for programs")
    return parser


def _limit(text: str) -> int:
    most = max(MAX_HOURLY.values())
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {most}")
    return int(text)

"""The users command: its arguments, its settings and its output."""

from __future__ import annotations

import argparse

from app.command_line import FAILED, print_json, print_table, shell_command, tell, with_database
from app.users.clashes import find_clashes
from app.users.creation import NewUser, check_email, create_user
from prisma.enums import Role

_TITLES = ("ADDRESS", "STORED AS", "ID", "ROLE", "CREATED", "PROBLEM")


def run(arguments: list[str] | None = None) -> int:
    """Run one of the commands in the database that the settings name, or else in the embedded one.

    Raises:
        FatalError: the address is none, or the database can't be used.
    """
    options = _parser().parse_args(arguments)
    return options.run(options)


def _create(options: argparse.Namespace) -> int:
    wanted = NewUser(check_email(options.email), options.name, Role.ADMIN if options.admin else options.role)
    made = with_database(lambda db: create_user(db, wanted))
    if options.json:
        print_json({"id": made.id, "email": made.email, "role": made.role, "created": made.is_new, "key": made.key})
        return 0
    tell(f"{made.email} ({made.role}) {made.story()}.")
    if made.key is None:
        another = shell_command(f"python -m app.keys create --user {made.email}")
        tell(f"There is a key already, which can't be shown again. For another one: {another}")
    else:
        tell("The API key is shown this once:")
        # Alone on standard output, so that a shell can take it: KEY=$(python -m app.users create …).
        print(made.key, flush=True)
    return 0


def _clashes(options: argparse.Namespace) -> int:
    found = with_database(find_clashes)
    if options.json:
        print_json([clash.members() for clash in found])
    elif found:
        print_table(_TITLES, [clash.row() for clash in found])
    else:
        tell("Every address is in small letters, and belongs to one user.")
    return FAILED if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.users", description="Users of the service.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="make a user with an API key; again, it changes nothing")
    create.set_defaults(run=_create)
    create.add_argument("--email", required=True, help="the address; stored in small letters")
    create.add_argument("--name", help="the name of a new user")
    role = create.add_mutually_exclusive_group()
    role.add_argument("--admin", action="store_true", help="give the role ADMIN, also to a user who is there already")
    role.add_argument("--role", type=Role, choices=list(Role), metavar="ROLE", help=f"give one of {', '.join(Role)}")
    clashes = commands.add_parser(
        "clashes", help="list addresses that Auth.js does not find, or takes for another user's; exit code 1 if any"
    )
    clashes.set_defaults(run=_clashes)
    for command in (create, clashes):
        command.add_argument("--json", action="store_true", help="print JSON, for programs")
    return parser

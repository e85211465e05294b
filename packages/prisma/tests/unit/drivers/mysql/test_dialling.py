"""What a server can do, by its version."""

from __future__ import annotations

import pytest

from prisma.drivers.mysql.dialling import reads_relations, returns_inserted


@pytest.mark.parametrize(
    ("version", "joins", "returns"),
    [
        ("8.0.12", False, False),
        ("8.0.13", True, False),
        ("8.4.3-log", True, False),
        ("9.1.0-commercial", True, False),
        ("5.7.44-log", False, False),
        ("10.4.34-MariaDB", False, False),
        ("10.11.6-MariaDB-0+deb12u1", False, True),
        ("5.5.5-10.3.39-MariaDB", False, False),
        ("5.5.5-10.6.18-MariaDB-log", False, True),
        ("11.4.2-MariaDB", False, True),
    ],
)
def test_versions(version: str, joins: bool, returns: bool) -> None:
    assert (reads_relations(version), returns_inserted(version)) == (joins, returns)

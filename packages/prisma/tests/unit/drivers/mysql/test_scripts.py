"""Several statements in one text: what is behind the last of them."""

from __future__ import annotations

import pytest

from prisma.drivers.mysql.scripts import without_end


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("", ""),
        (" ;\n-- nothing", ""),
        ("COMMIT", "COMMIT"),
        ("SELECT 1; -- one;\n# two\n/* three; */ ;\n", "SELECT 1"),
        ("-- before\nSELECT 1", "-- before\nSELECT 1"),
        ("SELECT ';' ; SELECT \"--;\";", "SELECT ';' ; SELECT \"--;\""),
        (r"SELECT 'a\'; -- b';", r"SELECT 'a\'; -- b'"),
        ("SELECT 1 AS `;--`;", "SELECT 1 AS `;--`"),
        ("SELECT 3--2; SELECT 4 / 2 - 1;", "SELECT 3--2; SELECT 4 / 2 - 1"),
        ("SELECT 1; /*!40101 SET @a = 1 */;", "SELECT 1; /*!40101 SET @a = 1 */"),
        ("SELECT 1; /*M!100100 SET @a = 1 */;", "SELECT 1; /*M!100100 SET @a = 1 */"),
        ("SELECT 'open; -- ", "SELECT 'open; -- "),
        ("SELECT 1 /* open;", "SELECT 1 /* open"),
    ],
)
def test_the_end_is_cut_off(sql: str, kept: str) -> None:
    assert without_end(sql, escapes=True) == kept


def test_a_backslash_may_be_a_character() -> None:
    sql = r"SELECT 'x\', '-- y'; -- end"
    assert without_end(sql, escapes=False) == r"SELECT 'x\', '-- y'"

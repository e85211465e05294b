"""Names of migrations, made from what developers type."""

from __future__ import annotations

import pytest

from prisma.migrate.naming import slug

# As Prisma's command names them.
SAME = {
    "AddUsers": "add_users",
    "addHTTPServer2": "add_http_server2",
    "URLs and APIs": "urls_and_apis",
    "fooBAR12baz": "foo_bar_12baz",
    "v2Beta ID2Name": "v2_beta_id_2_name",
    "HTMLParser": "html_parser",
    "iOSApp": "i_os_app",
    "it's don't": "its_dont",
    "__x__y--z": "x_y_z",
    "a&b @ 100%": "a_and_b_100",
    "“quoted” – dash…": "quoted_dash",
    "drop/../../etc": "drop_etc",
    "a\nb": "a_b",
    "-- x; DROP": "x_drop",
    "!?": "",
    "  ": "",
    "x" * 300: "x" * 200,
    "Größe ändern": "groesse_aendern",
    "ÄÖÜ ß ẞ": "ae_oe_ue_ss_ss",
    "Grüße2Welt": "gruesse2_welt",
    "u\u0308ber": "ueber",
    "naïve façade": "naive_facade",
    "Zażółć gęślą jaźń": "zazolc_gesla_jazn",
    "Žluťoučký kůň": "zlutoucky_kun",
    "çalışma İstanbul ığşI": "calisma_istanbul_igs_i",
    "România ș ț đ": "romania_s_t_d",
    "Việt Nam Đổi": "viet_nam_doi",
    "Добавить пользователей": "dobavit_polzovateley",
    "щука объект Ёлка эй юля": "schuka_obyekt_yolka_ey_yulya",
    "съезд подъём семья": "syezd_podyom_semya",
    "Україна їжак ґанок є": "ukrayina_yizhak_ganok_ye",
    "Προσθήκη χρηστών": "prosthiki_xriston",
    "ψυχή ξένος βήτα Βήτα": "psyxi_ksenos_vita_bita",
}
# Prisma's command leaves letters out that its table lacks: uvre, th_nai, and an empty text for Japanese.
BETTER = {
    "Œuvre": "oeuvre",
    "Ἀθῆναι": "athinai",
    "日本語": "ri_ben_yu",
    "Ærø": "aero",
}


@pytest.mark.parametrize(("text", "name"), [*SAME.items(), *BETTER.items()])
def test_slug(text: str, name: str) -> None:
    assert slug(text) == name

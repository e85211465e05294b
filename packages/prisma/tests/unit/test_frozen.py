from __future__ import annotations

import copy
import pickle
from typing import ClassVar

import pytest

from prisma.frozen import Frozen


class Point(Frozen):
    x: int
    y: int = 0


class Place(Frozen):
    x: int
    y: int = 0


class Login(Frozen):
    user: str
    password: str
    _hidden: ClassVar[frozenset[str]] = frozenset({"password"})


class Named(Point):
    name: str = ""


def test_fields_come_by_position_by_name_and_by_default():
    points = [Point(1), Point(1, 0), Point(x=1, y=0), Point(1, y=0), Named(1), Named(1, 0, "a")]
    assert list(map(repr, points)) == [
        *["Point(x=1, y=0)"] * 4,
        "Named(x=1, y=0, name='')",
        "Named(x=1, y=0, name='a')",
    ]


def test_equality_is_of_class_and_fields():
    others = [Point(1), Point(2), Place(1), Named(1), (1, 0)]
    assert [Point(1) == other for other in others] == [True, False, False, False, False]
    assert len({Point(1), Point(1, 0), Place(1)}) == 2


@pytest.mark.parametrize(
    ("values", "named", "given"),
    [
        ((), {}, "0 values"),
        ((1, 2, 3), {}, "3 values"),
        ((1,), {"x": 2}, "1 values, x"),
        ((1,), {"z": 2}, "1 values, z"),
    ],
)
def test_fields_that_do_not_fit_are_refused(values, named, given):
    with pytest.raises(TypeError, match=f"^Point takes x, y; it was given {given}.$"):
        Point(*values, **named)


def test_nothing_can_be_changed():
    point = Point(1)
    for change in (lambda: setattr(point, "x", 2), lambda: delattr(point, "x"), lambda: setattr(point, "z", 2)):
        with pytest.raises(AttributeError):
            change()
    assert point == Point(1)


def test_it_matches_copies_and_travels():
    named = Named(1, 2, "a")
    matched = None
    match named:
        case Point(x, y):
            matched = x, y
    assert (matched, copy.deepcopy(named), pickle.loads(pickle.dumps(named))) == ((1, 2), named, named)
    assert named.__replace__(y=3) == Named(1, 3, "a")


def test_what_is_hidden_is_not_shown():
    login = Login("ada", "secret")
    assert (repr(login), login.password, login == Login("ada", "other")) == ("Login(user='ada')", "secret", False)

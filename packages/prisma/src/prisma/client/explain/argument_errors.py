"""Argument errors: the compiler's objections to a call become one sentence, with the place in the caller's words.

The compiler checks a request against the schema before there is any SQL. It has one objection for each type that a
value could have had, in its own words. The error reports the objection that got furthest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, TypeAlias, cast

from prisma.client.explain.field_ref_errors import misreference
from prisma.client.explain.legacy_messages import with_legacy_message
from prisma.client.explain.nested_write_hints import advice, relation_filter, usage, with_fix
from prisma.client.explain.paths import MISSING, Culprit, Place, dotted, place_of, places
from prisma.client.request.call import Call
from prisma.client.request.names import LIST_FILTERS, PYTHON_TYPES, engine_names, python_name
from prisma.client.request.rejections import RejectedValue
from prisma.client.request.values import WRONG_TYPE, Converter, converter
from prisma.compiler.errors import CompilerError
from prisma.errors import DataError, UnknownRelationError, data_error
from prisma.schema.metadata import Schema

_Objection: TypeAlias = Mapping[str, Any]

# How sure an objection is to be about the mistake, among those that got equally far.
_WEIGHTS: Final = {"InvalidArgumentType": 1, "RequiredArgumentMissing": 2}
_MAX_LISTED: Final = 12
_SELECTIONS: Final = frozenset({"select", "include", "omit"})
_ABOUT_VALUES: Final = frozenset({"InvalidArgumentType", "RequiredArgumentMissing"})
_WORDS: Final = {"SortOrder": ["asc", "desc"], "NullsOrder": ["first", "last"], "QueryMode": ["default", "insensitive"]}


def objection_error(schema: Schema, call: Call, error: CompilerError) -> DataError:
    """Return the error for an objection of the compiler."""
    objections = list(_objections(error.meta))
    # The compiler can't read the request at all, and does not say where.
    if error.message.startswith("JSON Error"):
        path = _selected_scalar(schema, call)
        sentence = f"Invalid value at `{path}`: a field is selected by True." if path else error.message
        return data_error("P2009", sentence, error_meta(call, "SelectionSetOnScalar", path, None))
    if not objections:
        said = misreference(error.message, call.arguments)
        if said is not None:
            return data_error(
                error.code, said[0], {**error.meta, **error_meta(call, "InvalidArgumentType", said[1], None)}
            )
        sentence = with_fix(error.code, error.message, error.meta)
        return data_error(error.code, sentence, {"modelName": call.model, **error.meta})
    objection = _furthest(schema, objections)
    kind = objection["kind"]
    words = [str(word) for word in objection.get("argumentPath", ())]
    selection = [str(word) for word in objection.get("selectionPath", ())[1:]]
    place = place_of(schema, call.model, call.arguments, selection, words, _culprit(schema, objection))
    if kind in _ABOUT_VALUES:
        place = _element(schema, place)
    say = _SENTENCES.get(kind)
    sentence, suggestion = (error.message, None) if say is None else say(schema, objection, objections, place)
    # An order without direction is no value that a record lacks.
    code = "P2012" if kind == "RequiredArgumentMissing" and words[0] != "orderBy" else error.code
    sentence = with_legacy_message(sentence, objection, error.message)
    found = data_error(code, sentence, error_meta(call, kind, str(place), suggestion))
    is_relation = kind == "UnknownSelectionField" and place.path[-2:-1] == ("include",)
    return UnknownRelationError(found.data, message=sentence) if is_relation else found


def error_meta(call: Call, kind: str, path: str, suggestion: str | None) -> dict[str, Any]:
    """Return the `meta` of an error about a call's arguments."""
    return {"modelName": call.model, "kind": kind, "path": path, "suggestion": suggestion}


def _selected_scalar(schema: Schema, call: Call) -> str:
    """Return where a selection has a dictionary for a field that is no relation; "" if nowhere."""
    fields = [field for model in schema.models.values() for field in model.fields.values()]
    nested = {"_count", *(field.name for field in fields if field.kind == "relation")}
    for path, value in places(call.arguments):
        if len(path) > 1 and path[-2] in _SELECTIONS and path[-1] not in nested and isinstance(value, Mapping):
            return dotted(path)
    return ""


def _element(schema: Schema, place: Place) -> Place:
    """Return the place of the first element that is to blame, where a list of values is."""
    field, value = place.field, place.value
    if not isinstance(value, list | tuple) or field is None or field.kind == "relation":
        return place
    items = cast("Sequence[Any]", value)
    if not field.is_list and engine_names(str(place.path[-1])).isdisjoint(LIST_FILTERS):
        return place
    convert = converter(field, schema.enums)
    position = next((index for index, item in enumerate(items) if not _fits(convert, item)), None)
    return place if position is None else Place((*place.path, position), value, items[position], None, field)


def _fits(convert: Converter, value: object) -> bool:
    try:
        return value is not None and convert(value) is not WRONG_TYPE
    except RejectedValue:
        return False


# Choosing


def _objections(meta: _Objection) -> Iterable[_Objection]:
    if meta.get("kind") == "Union":
        for inner in meta["errors"]:
            yield from _objections(inner)
    elif "kind" in meta:
        yield meta


def _furthest(schema: Schema, objections: Sequence[_Objection]) -> _Objection:
    """Return the objection of the type that the caller seems to have meant."""

    def rank(objection: _Objection) -> tuple[bool, int, int]:
        path = objection.get("argumentPath", ())
        is_other = _is_of_other_form(schema, objection) and _forms(objections, path) == 1
        return not is_other, len(path), _WEIGHTS.get(objection["kind"], 3)

    return max(objections, key=rank)


def _forms(objections: Sequence[_Objection], path: Sequence[Any]) -> int:
    """Return how many forms of a record do not know the field at a path."""
    unknown = (item for item in objections if item["kind"] == "UnknownInputField" and item["argumentPath"] == path)
    return len({item["inputType"]["name"] for item in unknown})


def _is_of_other_form(schema: Schema, objection: _Objection) -> bool:
    """Say whether a field is unknown only to one of the two forms in which records are written.

    One form sets relations by `connect`, the other by their keys (`userId`).
    """
    if objection["kind"] != "UnknownInputField":
        return False
    type_ = str(objection["inputType"]["name"])
    models = [model for name, model in schema.models.items() if type_.startswith(name)]
    # Rows of createMany and updateMany have one form only.
    is_record = ("Create" in type_ or "Update" in type_) and not ("CreateMany" in type_ or "UpdateMany" in type_)
    return is_record and any(objection["argumentPath"][-1] in model.fields for model in models)


def _culprit(schema: Schema, objection: _Objection) -> Culprit:
    kind = objection["kind"]
    if kind == "RequiredArgumentMissing":
        return lambda value: value is MISSING or value is None
    if kind == "InvalidArgumentType":
        inferred = objection["inferredType"]
        return lambda value: _inferred(value) == inferred
    if kind == "InvalidArgumentValue":
        members = _members(schema, objection)
        return lambda value: value is not MISSING and (members is None or value not in members)
    return lambda value: value is not MISSING


def _inferred(value: Any) -> str:
    if isinstance(value, Mapping):
        return "Object"
    if isinstance(value, list | tuple):
        return f"({', '.join(_inferred(item) for item in cast('Sequence[Any]', value))})"
    names = ((bool, "Boolean"), (int, "Int"), (float, "Float"), (str, "String"), (Decimal, "Decimal"))
    return next((name for type_, name in names if isinstance(value, type_)), "")


# Saying

_Said: TypeAlias = tuple[str, str | None]
_Say: TypeAlias = Callable[[Schema, _Objection, Sequence[_Objection], Place], _Said]


def _unknown(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    misused = _misused(schema, objection, objections, place)
    if misused is not None:
        return misused
    name, owner = str(place.path[-1]), place.owner
    valid = _valid_names(objection, objections)
    reason = relation_filter(name, place, valid)
    if reason is not None:
        return f"Invalid filter at `{place}`: {reason}", None
    about_model = owner is not None and any(word in owner.fields for word in valid)
    is_included = len(place.path) > 1 and place.path[-2] == "include"
    if owner is not None and about_model and is_included:
        valid = [word for word in valid if word == "_count" or owner.fields[word].kind == "relation"]
    suggestion, hint = _nearest(name, [python_name(word) for word in valid])
    if owner is not None and name in owner.fields:
        return f"The field `{name}` of {owner.name} can't be given here (at `{place}`).", None
    if owner is not None and about_model:
        what = "relation" if is_included else "field"
        return f"The {what} `{name}` does not exist on {owner.name} (at `{place}`).{hint}", suggestion
    what = "argument" if objection["kind"] == "UnknownArgument" else "key"
    verb = _misplaced_verb(objection, place)
    if verb is not None:
        return f"The {what} `{name}` does not exist here (at `{place}`): {verb[0]}", verb[1]
    return f"The {what} `{name}` does not exist here (at `{place}`).{hint}", suggestion


def _misused(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said | None:
    """Return what is wrong with a name that is known, but belongs elsewhere; None if it is no such name."""
    name, owner = str(place.path[-1]), place.owner
    missing = {tuple(other["argumentPath"]) for other in objections if other["kind"] == "RequiredArgumentMissing"}
    if name == "where" and (*objection.get("argumentPath", ())[:-1], "data") in missing:
        return f"`{place}` needs `data` beside it.", None
    if _is_among_verbs(objection) and owner is not None and name in owner.fields:
        return f'`{place}` needs a verb around it, as {{"connect": {{"{name}": …}}}}.', "connect"
    names = dict.fromkeys(str(other["argumentPath"][-1]) for other in objections if _is_of_other_form(schema, other))
    if len(names) > 1 and len(names) == len(objections):
        return f"{_quoted(names)} can't be used together in `{dotted(place.path[:-1])}`: use `connect`, or keys.", None
    if owner is not None and str(objection.get("selectionPath", [""])[-1]).startswith("_") and len(place.path) == 1:
        return f"`{place}` has nothing to work on: no field of {owner.name} is of a type for it.", None
    if objection["kind"] == "UnknownArgument" and len(place.path) > 1 and place.path[0] == "data":
        return f"`data` of an upsert takes `create` and `update`, not `{name}` (at `{place}`).", None
    return None


def _misplaced_verb(objection: _Objection, place: Place) -> _Said | None:
    """Return the advice about a verb that a relation does not take; None if something else is wrong."""
    if place.field is None or not _is_among_verbs(objection):
        return None
    creates = "Create" in str(objection["inputType"]["name"])
    return advice(str(objection["argumentPath"][-1]), place.field, creates=creates)


def _is_among_verbs(objection: _Objection) -> bool:
    """Say whether an unknown name is in the data of a relation."""
    return "Nested" in str(objection.get("inputType", {}).get("name", ""))


def _valid_names(objection: _Objection, objections: Sequence[_Objection]) -> list[str]:
    """Return the names that are valid in place of the unknown one, in any of the forms that the record has."""
    if "argumentPath" not in objection or "inputType" not in objection:
        fields = objection.get("outputType", {}).get("fields", objection.get("arguments", ()))
        return [str(field["name"]) for field in fields]
    forms = (
        other["inputType"]["fields"]
        for other in (objection, *objections)
        if other.get("argumentPath") == objection["argumentPath"] and "inputType" in other
    )
    return list(dict.fromkeys(str(field["name"]) for fields in forms for field in fields))


def _missing(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    names = dict.fromkeys(
        str(other["argumentPath"][-1]) for other in objections if len(other["argumentPath"]) == len(place.path)
    )
    text = f"`{place}`: A value is required but not set{' (it is None)' if place.value is None else ''}."
    is_written = place.path[0] == "data" and "where" not in place.path[:-1]
    use = usage(place.path, place.field, is_none=place.value is None) if place.field and is_written else None
    if use is not None:
        return f"{text} {use}", None
    given = [key for key in _keys(place.parent) if place.owner is not None and key not in place.owner.fields]
    misspelled = get_close_matches(str(place.path[-1]), given, n=1)
    if misspelled and place.value is MISSING:
        return f"{text} `{misspelled[0]}` was given: did you mean `{place.path[-1]}`?", str(place.path[-1])
    others = [name for name in names if name != place.path[-1] and objection["kind"] == "RequiredArgumentMissing"]
    owner = place.owner
    if owner is not None and others and all(name in owner.fields for name in others):
        return f"{text} `{others[0]}` in its place would do, too.", None
    return text, None


def _wrong_type(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    path = objection["argumentPath"]
    names = [
        str(name)
        for other in objections
        if other["kind"] == "InvalidArgumentType" and other["argumentPath"] == path
        for name in other["argument"]["typeNames"]
    ]
    if isinstance(place.path[-1], int):
        # Fields to compare with are no elements of lists.
        names = [name for name in names if not name.endswith("RefInput")]
    expected = " or ".join(dict.fromkeys(_type_text(schema, name) for name in names))
    text = f"Invalid value at `{place}`: expected {expected}, got {_got(place.value, names)}."
    # The type of what a relation is given: its verbs.
    is_relation = place.field is not None and place.field.kind == "relation" and any("Nested" in name for name in names)
    hint = ' Give verbs, as {"create": …} or {"connect": …}.' if is_relation else ""
    return f"{text}{hint}", None


def _got(value: Any, names: Sequence[str]) -> str:
    if isinstance(value, list | tuple) and not any(name.endswith("[]") for name in names):
        inner = dict.fromkeys(type(item).__name__ for item in cast("Sequence[Any]", value))
        return f"a list of {' and '.join(inner)}" if inner else "an empty list"
    return "nothing" if value is MISSING else type(cast("object", value)).__name__


def _wrong_value(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    members = _members(schema, objection)
    if members is None:
        return f"Invalid value at `{place}`: {_no_value(schema, objection, place)}.", None
    given = place.value
    items = cast("Sequence[object]", given if isinstance(given, list | tuple) else [given])
    name = next((str(item) for item in items if item not in members), "")
    suggestion, hint = _nearest(name, members)
    type_ = str(objection["argument"]["typeNames"][0])
    what = f"a member of {type_}" if type_ in schema.enums else "a field" if "Field" in type_ else "known here"
    return f"Invalid value at `{place}`: `{name}` is not {what}.{hint}", suggestion


def _no_value(schema: Schema, objection: _Objection, place: Place) -> str:
    """Return the fault of a value whose type is right."""
    field = place.field
    if field is not None and field.type == "Bytes":
        return "this is no Base64 text"
    if field is not None and field.type in PYTHON_TYPES:
        expected = PYTHON_TYPES[field.type]
    else:
        expected = _type_text(schema, str(objection["argument"]["typeNames"][0])).removeprefix("a ")
    reason = objection.get("underlyingError")
    return f"this is no {expected} ({reason})" if reason else f"this is no {expected}"


def _members(schema: Schema, objection: _Objection) -> list[str] | None:
    """Return the words of an enum of the schema or of the protocol; None for every other type."""
    type_ = str(objection["argument"]["typeNames"][0])
    if type_ in schema.enums:
        return list(schema.enums[type_].values)
    if type_.endswith("ScalarFieldEnum"):
        model = schema.models.get(type_.removesuffix("ScalarFieldEnum"))
        return None if model is None else [field.name for field in model.fields.values() if field.kind != "relation"]
    return _WORDS.get(type_)


def _some_missing(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    required = objection["constraints"].get("requiredFields") or [
        field["name"] for field in objection["inputType"]["fields"]
    ]
    value, where = place.value, str(place)
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        position = next((index for index, item in enumerate(items) if set(required).isdisjoint(_keys(item))), 0)
        value, where = items[position], f"{where}[{position}]"
    given = _keys(value)
    got = f"got {', '.join(f'`{key}`' for key in given)}" if given else "got an empty dictionary"
    near = next((match for key in given for match in get_close_matches(key, required, n=1)), None)
    hint = f" Did you mean `{near}`?" if near else ""
    return f"`{where}` needs at least one of {_quoted(required)}, {got}.{hint}", near


def _nothing_selected(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    return "`select` has to name at least one field.", None


def _too_many(schema: Schema, objection: _Objection, objections: Sequence[_Objection], place: Place) -> _Said:
    given = _keys(place.value)
    text = f"`{place}` takes one key for each dictionary, got {len(given)}: {_quoted(given)}."
    is_order = objection["argumentPath"][0] == "orderBy"
    return f"{text} {'Pass a list of dictionaries with one key each' if is_order else 'Choose one of them'}.", None


def _nearest(name: str, valid: Sequence[str]) -> tuple[str | None, str]:
    """Return the valid name nearest to one that is not, and a sentence that tells it or all of them."""
    lowered = {word.lower(): word for word in valid}
    matches = get_close_matches(name.lower(), lowered, n=1)
    if matches:
        return lowered[matches[0]], f" Did you mean `{lowered[matches[0]]}`?"
    if not valid:
        return None, ""
    more = f" and {len(valid) - _MAX_LISTED} more" if len(valid) > _MAX_LISTED else ""
    return None, f" Valid are {_quoted(valid[:_MAX_LISTED])}{more}."


def _type_text(schema: Schema, name: str) -> str:
    if name.endswith("[]"):
        inner = _type_text(schema, name[:-2])
        return "a list of dictionaries" if inner == "a dictionary" else f"a list of {inner}"
    if name in PYTHON_TYPES:
        return PYTHON_TYPES[name]
    if name in schema.enums:
        return f"a member of {name}"
    if name in _WORDS:
        return " or ".join(f"`{word}`" for word in _WORDS[name])
    if name.endswith("ScalarFieldEnum"):
        return "a field's name"
    return "a field reference" if name.endswith("RefInput") else "a dictionary"


def _keys(value: Any) -> list[str]:
    return list(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else []


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_SENTENCES: Final[Mapping[str, _Say]] = {
    "UnknownInputField": _unknown,
    "UnknownArgument": _unknown,
    "UnknownSelectionField": _unknown,
    "RequiredArgumentMissing": _missing,
    "InvalidArgumentType": _wrong_type,
    "InvalidArgumentValue": _wrong_value,
    "SomeFieldsMissing": _some_missing,
    "EmptySelection": _nothing_selected,
    "TooManyFieldsGiven": _too_many,
}

"""The functions that the schema engine imports beside those of the query compiler, by their pinned names."""

from __future__ import annotations

from typing import Final

from prisma.javascript.functions import IMPORTS as COMMON
from prisma.javascript.functions import Import

IMPORTS: Final = {
    **COMMON,
    # Promises, microtasks, timers
    "__wbg_new_3c3d849046688a66": Import("new_promise", "ii", "r"),
    "__wbg_resolve_caf97c30b83f7053": Import("resolved", "r", "r"),
    "__wbg_then_4f46f6544e6b4a28": Import("then", "rr", "r"),
    "__wbg_then_70d05cf780a18d77": Import("then", "rrr", "r"),
    "__wbg_instanceof_Promise_001fdd42afa1b7ef": Import("is_promise", "r", "i"),
    "__wbg_queueMicrotask_6d79674585219521": Import("queue_microtask", "r"),
    "__wbg_queueMicrotask_5a8a9131f3f0b37b": Import("global_queue_microtask", "r", "r"),
    "__wbg_setTimeout_5d6a1d4fc51ea450": Import("set_timeout", "ri", "f"),
    # Functions
    "__wbindgen_cast_a9993887db3ced61": Import("closure", "ii", "r"),
    "__wbg__wbg_cb_unref_2454a539ea5790d9": Import("release_closure", "r"),
    "__wbg___wbindgen_is_function_ee8a6c5833c90377": Import("is_function", "r", "i"),
    "__wbg_call_e762c39fa8ea36bf": Import("call", "rr", "r", fallible=True),
    "__wbg_call_525440f72fbfc0ea": Import("call", "rrr", "r", fallible=True),
    "__wbg_new_no_args_ee98eee5275000a4": Import("function_of_text", "ii", "r"),
    # Making values
    "__wbg_schemaengine_new": Import("engine_handle", "i", "r"),
    "__wbg_new_a7442b4b19c1a356": Import("error", "ii", "r"),
    "__wbg_set_name_d94846a29e626702": Import("set_name", "rii"),
    "__wbg_set_c2abbebe8b9ebee1": Import("reflect_set", "rrr", "i", fallible=True),
    "__wbg_push_df81a39d04db858c": Import("push", "rr", "i"),
    "__wbg_new_23fa8b12a239f036": Import("regular_expression", "iiii", "r"),
    "__wbg_new_from_slice_92f4d78ca282a2d2": Import("copied_bytes", "ii", "r"),
    "__wbg_new_with_length_01aa0dc35aa13543": Import("empty_bytes", "i", "r"),
    "__wbindgen_cast_cb9088102bce6b30": Import("view", "ii", "r"),
    "__wbg_subarray_480600f3d6a9f26c": Import("subarray", "rii", "r"),
    # Asking about values
    "__wbg_isArray_96e0af9891d0945d": Import("is_array", "r", "i"),
    "__wbg___wbindgen_is_bigint_cb320707dcd35f0b": Import("is_bigint", "r", "i"),
    "__wbg_instanceof_Map_8579b5e2ab5437c7": Import("is_map", "r", "i"),
    "__wbg___wbindgen_jsval_eq_6b13ab83478b1c50": Import("strictly_equal", "rr", "i"),
    "__wbg_has_787fafc980c3ccdb": Import("has", "rr", "i", fallible=True),
    "__wbg_valueOf_9eee4828c11458ca": Import("truth", "r", "i"),
    "__wbg_exec_fdeec61d47617356": Import("match", "rii", "i"),
    # Taking values apart
    "__wbg_get_ece95cf6585650d9": Import("get", "rr", "r", fallible=True),
    "__wbg_get_efcb449f58ec27c2": Import("get", "rr", "r", fallible=True),
    "__wbg___wbindgen_bigint_get_as_i64_f3ebc5a755000afd": Import("write_bigint", "ir"),
    "__wbg_iterator_e5822695327a3c39": Import("iterator_symbol", "", "r"),
    "__wbg_next_2c826fe5dfec6b6a": Import("next_function", "r", "r"),
    "__wbg_next_020810e0ae8ebcb0": Import("next_item", "r", "r", fallible=True),
    "__wbg_done_2042aa2670fb1db1": Import("is_done", "r", "i"),
    "__wbg_value_692627309814bb8c": Import("item_value", "r", "r"),
    # Clocks
    "__wbg_now_793306c526e2e3b6": Import("now", "", "f"),
    "__wbg_now_7fd00a794a07d388": Import("performance_now", "r", "f"),
    # Globals, of which random numbers are one
    "__wbg_static_accessor_GLOBAL_89e1d9ac6a1b250e": Import("no_slot", "", "i"),
    "__wbg_static_accessor_WINDOW_b45bfc5a37f6cfa2": Import("no_slot", "", "i"),
    "__wbg_static_accessor_SELF_6fdf4b64710cc91b": Import("no_slot", "", "i"),
    "__wbg_static_accessor_GLOBAL_THIS_8b530f326a9e48ac": Import("slot_of_globals", "", "i"),
    "__wbg_crypto_805be4ce92f1e370": Import("crypto", "r", "r"),
    "__wbg_msCrypto_2ac4d17c4748234a": Import("no_property", "r", "r"),
    "__wbg_process_5cff2739921be718": Import("no_property", "r", "r"),
    "__wbg_versions_a8e5a362e1f16442": Import("no_property", "r", "r"),
    "__wbg_node_ecc8306b9857f33d": Import("no_property", "r", "r"),
    "__wbg_require_0c566c6f2eef6c79": Import("require", "", "r", fallible=True),
    "__wbg_getRandomValues_f6a868620c8bab49": Import("fill_randomly", "rr", fallible=True),
    "__wbg_randomFillSync_d3c85af7e31cf1f8": Import("fill_randomly", "rr", fallible=True),
    # Failing
    "__wbg_set_message_f18c00fbf3b3e80e": Import("remember_panic", "ii"),
}

IN_WEBASSEMBLY: Final = {
    "__wbg_get_7bed016f185add81": "get",
    "__wbg___wbindgen_jsval_loose_eq_b664b38a2f582147": "loosely_equal",
    "__wbg___wbindgen_is_undefined_2d472862bd29a478": "is_undefined",
    "__wbg___wbindgen_is_bigint_cb320707dcd35f0b": "is_bigint",
    "__wbg___wbindgen_boolean_get_6d5a1ee65bab5f68": "boolean",
    "__wbg___wbindgen_number_get_a20bf9b85341449d": "write_number",
    "__wbg___wbindgen_string_get_e4f06c90489ad01b": "write_string",
    "__wbg_isArray_96e0af9891d0945d": "is_array",
    "__wbg_isSafeInteger_d216eda7911dde36": "is_safe_integer",
    "__wbg_length_cdd215e10d9dd507": "length",
    "__wbg_length_69bca3cb64fc8748": "length",
    "__wbg_now_7fd00a794a07d388": "performance_now",
    "__wbindgen_init_externref_table": "fill_table",
}
"""The imports that values.wat serves, with the names of its functions; they ask Python about values that it keeps."""


def callbacks() -> dict[str, Import]:
    """Return the imports that end in Python."""
    return {name: item for name, item in IMPORTS.items() if name not in IN_WEBASSEMBLY}

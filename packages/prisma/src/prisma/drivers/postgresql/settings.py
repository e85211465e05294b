"""The settings of the server that a URL may set for its sessions, and how they are written."""

from __future__ import annotations

import shlex

# Settings of PostgreSQL that a session may set and that make sense for a client; those that would break this client's
# own reading of values (client_encoding, standard_conforming_strings) are left out on purpose.
SESSION_SETTINGS = frozenset(
    {
        "application_name",
        "backend_flush_after",
        "bytea_output",
        "check_function_bodies",
        "client_connection_check_interval",
        "client_min_messages",
        "constraint_exclusion",
        "cpu_index_tuple_cost",
        "cpu_operator_cost",
        "cpu_tuple_cost",
        "cursor_tuple_fraction",
        "datestyle",
        "default_statistics_target",
        "default_table_access_method",
        "default_tablespace",
        "default_text_search_config",
        "default_toast_compression",
        "default_transaction_deferrable",
        "default_transaction_isolation",
        "default_transaction_read_only",
        "effective_cache_size",
        "effective_io_concurrency",
        "enable_bitmapscan",
        "enable_hashagg",
        "enable_hashjoin",
        "enable_indexonlyscan",
        "enable_indexscan",
        "enable_material",
        "enable_memoize",
        "enable_mergejoin",
        "enable_nestloop",
        "enable_parallel_append",
        "enable_parallel_hash",
        "enable_partition_pruning",
        "enable_partitionwise_aggregate",
        "enable_partitionwise_join",
        "enable_seqscan",
        "enable_sort",
        "enable_tidscan",
        "extra_float_digits",
        "force_parallel_mode",
        "from_collapse_limit",
        "geqo",
        "geqo_threshold",
        "gin_fuzzy_search_limit",
        "gin_pending_list_limit",
        "hash_mem_multiplier",
        "idle_in_transaction_session_timeout",
        "idle_session_timeout",
        "intervalstyle",
        "jit",
        "jit_above_cost",
        "jit_inline_above_cost",
        "jit_optimize_above_cost",
        "join_collapse_limit",
        "lc_messages",
        "lc_monetary",
        "lc_numeric",
        "lc_time",
        "lock_timeout",
        "log_min_duration_statement",
        "log_statement",
        "maintenance_work_mem",
        "max_parallel_maintenance_workers",
        "max_parallel_workers",
        "max_parallel_workers_per_gather",
        "min_parallel_index_scan_size",
        "min_parallel_table_scan_size",
        "parallel_leader_participation",
        "parallel_setup_cost",
        "parallel_tuple_cost",
        "plan_cache_mode",
        "quote_all_identifiers",
        "random_page_cost",
        "role",
        "row_security",
        "search_path",
        "seq_page_cost",
        "session_replication_role",
        "statement_timeout",
        "synchronous_commit",
        "tcp_keepalives_count",
        "tcp_keepalives_idle",
        "tcp_keepalives_interval",
        "tcp_user_timeout",
        "temp_buffers",
        "temp_tablespaces",
        "timezone",
        "track_activities",
        "transaction_timeout",
        "work_mem",
        "xmlbinary",
        "xmloption",
    }
)


def is_server_setting(name: str) -> bool:
    """Tell whether `name` is a setting to pass to the server: a known one, or a custom one (with a dot)."""
    return name.lower() in SESSION_SETTINGS or "." in name.strip(".")


def parse_options(text: str) -> dict[str, str]:
    """Return the settings of an `options` parameter such as `-c search_path=app -c jit=off`.

    Raises:
        ValueError: with a clause that says what is expected.
    """
    expected = "options must be a list of -c name=value"
    try:
        words = iter(shlex.split(text))
    except ValueError:
        raise ValueError(expected) from None
    settings: dict[str, str] = {}
    for word in words:
        if word == "-c":
            assignment = next(words, "")
        elif word.startswith(("-c", "--")):
            assignment = word[2:]
        else:
            raise ValueError(expected)
        name, equals, value = assignment.partition("=")
        if not name or not equals:
            raise ValueError(expected)
        # In the long form, a dash means an underscore.
        settings[name.replace("-", "_")] = value
    return settings


def quote_identifier(name: str) -> str:
    """Return `name` as a quoted SQL identifier."""
    # The server would take the text before the zero byte for all of it.
    if "\0" in name:
        raise ValueError("An SQL identifier can't hold a zero byte.")
    return '"' + name.replace('"', '""') + '"'

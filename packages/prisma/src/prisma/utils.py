"""Functions of 0.15.0, for programs that import them; this package does not use them."""

from __future__ import annotations

import asyncio
import inspect
import os
import warnings
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, TypeVar

T = TypeVar("T")


def get_or_create_event_loop() -> asyncio.AbstractEventLoop:
    """Return the thread's event loop; make one if there is none, or none that is open."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            loop = None
    if loop is None or loop.is_closed():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    return loop


def async_run(coro: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end and return its result."""
    return get_or_create_event_loop().run_until_complete(coro)


def maybe_async_run(func: Callable[..., Any], *args: Any, **kwargs: Any) -> object:
    """Call a function; run what it returns if it is a coroutine function."""
    return async_run(func(*args, **kwargs)) if is_coroutine(func) else func(*args, **kwargs)


def is_coroutine(obj: object) -> bool:
    """Say whether something is a coroutine function."""
    return inspect.iscoroutinefunction(obj) or inspect.isgeneratorfunction(obj)


def module_exists(name: str) -> bool:
    """Say whether a module can be found."""
    return find_spec(name) is not None


@contextmanager
def temp_env_update(env: Mapping[str, str]) -> Generator[None]:
    """Set environment variables for the length of a block."""
    before = {name: os.environ.get(name) for name in env}
    os.environ.update(env)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

"""The application: `create_app` shows everything that it is made of."""

from __future__ import annotations

from fastapi import FastAPI

from app import stats
from app.accounts import routes as accounts
from app.api_keys import routes as api_keys
from app.errors import install_error_handlers
from app.health import routes as health
from app.lifespan import lifespan
from app.projects import routes as projects
from app.sessions import routes as sessions
from app.settings import Settings, load_settings
from app.users import routes as users
from app.verification_tokens import routes as verification_tokens


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; without `settings` it reads the environment."""
    app = FastAPI(
        title="AINative Studio database service",
        version="0.1.0",
        lifespan=lifespan(settings or load_settings()),
        redirect_slashes=False,  # a path that no route has is unknown, whatever is at its end
    )
    install_error_handlers(app)
    for public in (health, stats):
        app.include_router(public.router)
    for noun in (users, accounts, sessions, verification_tokens, api_keys, projects):
        app.include_router(noun.router)
    return app

"""The application: `create_app` shows everything that it is made of."""

from __future__ import annotations

from fastapi import FastAPI

from app import stats
from app.errors import install_error_handlers
from app.health import routes as health
from app.lifespan import lifespan
from app.settings import Settings, load_settings
from app.users import routes as users


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; without `settings` it reads the environment."""
    app = FastAPI(
        title="AINative Studio database service",
        version="0.1.0",
        lifespan=lifespan(settings or load_settings()),
    )
    install_error_handlers(app)
    app.include_router(health.router)
    app.include_router(stats.router)
    app.include_router(users.router)
    return app

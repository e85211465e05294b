"""The application: `create_app` shows everything that it is made of."""

from __future__ import annotations

from fastapi import FastAPI

from app import stats
from app.accounts import routes as accounts
from app.api_keys import routes as api_keys
from app.errors import install_error_handlers
from app.health import routes as health
from app.lifespan import lifespan
from app.metrics.routes import metrics_router
from app.observation import observe
from app.projects import routes as projects
from app.sessions import routes as sessions
from app.settings import Settings, load_settings
from app.tracing import VERSION, TracerProvider, tracer_provider
from app.users import routes as users
from app.verification_tokens import routes as verification_tokens


def create_app(settings: Settings | None = None, *, tracing: TracerProvider | None = None) -> FastAPI:
    """Return the application; without `settings` it reads the environment.

    `tracing` takes the spans, instead of the provider that the settings ask for.
    """
    settings = settings or load_settings()
    tracing = tracing or tracer_provider(settings)
    app = FastAPI(
        title="AINative Studio database service",
        version=VERSION,
        lifespan=lifespan(settings, tracing),
        redirect_slashes=False,  # a path that no route has is unknown, whatever is at its end
    )
    observe(app, tracing)
    install_error_handlers(app)
    for public in (health, stats):
        app.include_router(public.router)
    for noun in (users, accounts, sessions, verification_tokens, api_keys, projects):
        app.include_router(noun.router)
    app.include_router(metrics_router(settings))
    return app

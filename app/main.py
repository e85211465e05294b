"""The FastAPI application, with all its routes and middleware."""

from __future__ import annotations

from fastapi import FastAPI

from app import __version__
from app.admission.middleware import AdmissionMiddleware
from app.api import stats
from app.api.accounts import routes as accounts
from app.api.api_keys import routes as api_keys
from app.api.billing_info import routes as billing_info
from app.api.credits import routes as credits
from app.api.examples import describe_examples
from app.api.invoices import routes as invoices
from app.api.metrics import metrics_router
from app.api.openapi import describe_refusals
from app.api.projects import routes as projects
from app.api.rate_limits import routes as rate_limits
from app.api.router import NounRoutes
from app.api.sessions import routes as sessions
from app.api.subscriptions import routes as subscriptions
from app.api.usage_metrics import routes as usage_metrics
from app.api.users import routes as users
from app.api.verification_tokens import routes as verification_tokens
from app.config.settings import Environment, Settings, load_settings
from app.health import routes as health
from app.http.default_headers import DefaultHeaders
from app.http.problems import install_error_handlers
from app.http.request_checks.framing import FramingCheck
from app.http.request_checks.middleware import UrlCheck
from app.pages.documentation import add_documentation
from app.pages.home import DESCRIPTION, TITLE, home_router
from app.paths import OPENAPI
from app.process.connection_limits import take_descriptors
from app.process.lifespan import lifespan
from app.telemetry.logs import configure_logging
from app.telemetry.middleware import install_telemetry
from app.telemetry.tracing import TracerProvider, tracer_provider


def application() -> FastAPI:
    """Return the application for a server process, with its logs set up: a factory for uvicorn and its like."""
    settings = load_settings()
    configure_logging(settings.environment, queries=settings.log_queries)
    take_descriptors()
    return create_app(settings)


def create_app(settings: Settings | None = None, *, tracing: TracerProvider | None = None) -> FastAPI:
    """Return the application; without `settings` it reads the environment.

    `tracing` exports the spans, instead of the provider that the settings ask for.
    """
    settings = settings or load_settings()
    tracing = tracing or tracer_provider(settings)
    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version=__version__,
        lifespan=lifespan(settings, tracing),
        redirect_slashes=False,  # /users/ is no other spelling of /users: it is unknown
        openapi_url=OPENAPI if settings.public_docs else None,
        # FastAPI's own pages load their scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        # The service has its own traces and metrics (`app.telemetry`), which never hold paths or queries.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    install_telemetry(app, tracing)
    install_error_handlers(app)
    describe_refusals(app)
    describe_examples(app)
    _add_middleware(app, settings)
    _add_routes(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    # The last one is the first to see a request.
    app.add_middleware(UrlCheck)
    app.add_middleware(
        AdmissionMiddleware,
        policy=settings.rate_limits,
        web=settings.web.url,
        in_production=settings.environment is Environment.PRODUCTION,
    )
    app.add_middleware(DefaultHeaders)
    app.add_middleware(FramingCheck)


def _add_routes(app: FastAPI, settings: Settings) -> None:
    app.include_router(home_router(settings))
    if settings.public_docs:
        add_documentation(app)
    app.include_router(health.router)
    app.include_router(stats.stats_router(public=settings.public_stats))
    records = (users, accounts, sessions, verification_tokens, api_keys, projects)
    records += (usage_metrics, subscriptions, billing_info, invoices, credits, rate_limits)
    for noun in records:
        app.include_router(noun.router)
    app.include_router(metrics_router(settings))
    app.router.routes.insert(0, NounRoutes(noun.router for noun in records))

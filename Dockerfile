# The service: no root, and no file that it writes to.
#
#     docker build -t ainative-database .
#     docker run --read-only --tmpfs /tmp --env-file .env.production -p 8000:8000 ainative-database
#
# tests/test_image.py runs these instructions without Docker.

FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /build
# Exactly the files whose hashes are here: no tools, benchmarks or embedded PostgreSQL.
COPY requirements.txt requirements-build.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.txt
RUN uv venv /opt/service
RUN uv pip install --python /opt/service/bin/python --require-hashes -r requirements.txt
COPY pyproject.toml ./
COPY packages packages
RUN uv build --wheel --package prisma --out-dir dist --build-constraints requirements-build.txt --require-hashes
RUN uv pip install --python /opt/service/bin/python --no-deps dist/*.whl
# Writes the client into the installed package.
COPY schema.prisma ./
RUN /opt/service/bin/prisma generate
# A container may not write what it compiles, so it would compile the generated client at each start.
RUN /opt/service/bin/python -m compileall -q /opt/service/lib/python3*/site-packages/prisma/_generated

FROM python:3.13-slim
ENV PATH=/opt/service/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /service
COPY --from=build /opt/service /opt/service
COPY schema.prisma prisma_seed.py ./
COPY migrations migrations
COPY app app
RUN python -m compileall -q app
USER 65534:65534
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "app.health"]
CMD ["python", "-m", "app"]

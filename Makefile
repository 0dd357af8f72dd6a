# Linkage. `make run` and `make test` need Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STACK := $(BIN)/python -m linkage.stack
FRESH := $(STACK) exec --fresh --
PYTEST := $(BIN)/python -m pytest
POSTGRES15 ?= /usr/lib/postgresql/15/bin

PACKAGES := $(VENV)/.stamp-packages
ASSETS := $(VENV)/.stamp-assets
NODE := node_modules/.stamp-node
SOURCES := $(shell find static locale -type f -not -name '*.mo' 2>/dev/null)

export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Whatever the shell says, bytecode is kept: without it every one of our processes compiles all sources anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-long test-pg15 checks lint system lock migrations messages clean
.DEFAULT_GOAL := help

help:
	@echo "make run        安装并启动平台 · set up and run the platform (LINKAGE_PORT=8000, LINKAGE_HOME=var)"
	@echo "make test       安装并运行全部检查 · set up and run every check"
	@echo "make test-long  长时检查 · the long forms: race counts, fault drills, PostgreSQL 15"
	@echo "make lint       代码检查 · code checks only"
	@echo "make bench-NAME 性能测量 · one measurement, tests/bench/NAME.py"
	@echo "make lock       更新依赖锁定 · pin the requirements anew"

# What everything needs

setup: $(PACKAGES) $(NODE) $(ASSETS)

$(PACKAGES): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 以上 · Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends python3-venv && \
		$(PYTHON) -m venv $(VENV); } || \
		{ rm -rf $(VENV); echo "需要 venv 模块 · the venv module is needed (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install -q --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

# npm of the machine where its node is young enough, else the one of the wheel.
$(NODE): package.json package-lock.json $(PACKAGES)
	@if node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null; \
		then npm=npm; else npm=$(BIN)/npm; fi; \
		echo $$npm ci; $$npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(ASSETS): $(NODE) $(PACKAGES) $(SOURCES)
	$(STACK) assets
	@touch $@

# The platform

run: setup
	@$(STACK) run

# The checks

test: setup system lint
	$(FRESH) $(PYTEST) -n 2 --dist loadgroup -m "not long"

test-long: setup system lint
	$(FRESH) $(PYTEST) -n 2 --dist loadgroup
	$(MAKE) test-pg15

test-pg15: setup
	@if test -x $(POSTGRES15)/postgres; \
		then $(STACK) exec --fresh --postgres $(POSTGRES15) -- $(PYTEST) -n 2 --dist loadgroup -m "not long and not fault and not browser"; \
		else echo "没有 PostgreSQL 15，跳过 · skipped: no PostgreSQL 15 at $(POSTGRES15)"; fi

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(FRESH) $(BIN)/python manage.py makemigrations --check --dry-run
	DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere/0 LINKAGE_HOSTS=linkage.example \
		LINKAGE_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(48))') \
		LINKAGE_DATA_KEYS=check $(BIN)/python manage.py check --deploy --fail-level WARNING

# The browser of the walks and the letters it writes; where it cannot be installed those tests are skipped.
system:
	@if { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1 \
		&& fc-list :lang=zh 2>/dev/null | grep -q .; then :; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends \
			chromium fontconfig fonts-noto-cjk; } >/dev/null || echo "浏览器未能安装 · no browser could be installed"; \
	else echo "没有 Chromium 或中文字体，跳过浏览器测试 · without Chromium and a CJK font the browser tests are skipped"; fi

# Measuring

bench-%: setup
	@$(STACK) exec --fresh --durable -- sh -c '$(BIN)/python manage.py migrate -v0 && $(BIN)/python -m tests.bench.$*'

# Upkeep

lock:
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install -q pip-tools
	$(VENV)/lock/bin/pip-compile -q --upgrade --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements.lock requirements.in
	npm install --package-lock-only --omit-lockfile-registry-resolved=true

migrations: setup
	$(FRESH) $(BIN)/python manage.py makemigrations

messages: setup
	$(BIN)/python manage.py messages

clean:
	rm -rf $(VENV) node_modules staticfiles
	find locale -name '*.mo' -delete

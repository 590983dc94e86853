# Two commands do everything on a fresh machine: `make run` and `make test`.
# `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

TOOLS := .tools
VENV := .venv
PY := $(VENV)/bin/python
UV := $(TOOLS)/uv/bin/uv
export PYTHONPATH := src
export UV_LINK_MODE ?= copy

# --- set-up: each stamp is newer than the lock it was made from ------------------------------

$(UV):
	@echo "Bringing uv (a Python package installer) into $(TOOLS)/ ..."
	@python3 -m venv $(TOOLS)/uv 2>/dev/null && $(TOOLS)/uv/bin/python -m pip install -q --disable-pip-version-check uv \
	  || { rm -rf $(TOOLS)/uv; python3 -m pip install -q --disable-pip-version-check --target $(TOOLS)/uv uv; }

$(VENV)/bin/python: | $(UV)
	@$(UV) venv -q --clear $(VENV) 2>/dev/null || $(UV) venv -q --clear --python '>=3.12' $(VENV) \
	  || { echo "Seraphim needs Python 3.12 or newer; none was found. Install one (python.org, your distribution, or pyenv) and run this again." >&2; exit 1; }

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@echo "Installing Seraphim's libraries (once) ..."
	@$(UV) pip install -q --python $(PY) --require-hashes --compile-bytecode -r requirements.lock
	@$(PY) -m compileall -q src >/dev/null || true
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing the development tools (once) ..."
	@$(UV) pip sync -q --python $(PY) --require-hashes --compile-bytecode requirements-dev.lock
	@touch $@ $(VENV)/.run

# --- what people use -------------------------------------------------------------------------

.PHONY: run
run: $(VENV)/.run ## start Seraphim; without DISCORD_TOKEN together with the local Discord
	@exec $(PY) -m seraphim run $(ARGS)

.PHONY: test
test: check browser ## run every check and the whole suite
	@echo "== the suite, three processes side by side: much of it waits for sound"
	@$(PY) -m pytest -q -n 3 --dist worksteal -m "not alone"
	@echo "== what measures time, with nothing beside it"
	@$(PY) -m pytest -q -m alone

.PHONY: check
check: $(VENV)/.dev ## style, types, layers, file and function sizes
	@echo "== ruff (style)"        && $(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check -q .
	@echo "== import-linter (layers)" && $(VENV)/bin/lint-imports
	@echo "== texts (catalogues)" && $(PY) -m seraphim.kernel.catalogs check
	@echo "== basedpyright (types)" && $(VENV)/bin/basedpyright --level error
	@echo "== the house: sizes, names, imports, manifests, and each command, component and route once"
	@$(PY) -m pytest -q tests/architecture tests/e2e/test_catalogue.py

.PHONY: bench
bench: $(VENV)/.dev ## run a benchmark: make bench NAME=commands ARGS="..."
	@test -n "$(NAME)" || { echo 'Say which: make bench NAME=commands. There are: $(basename $(notdir $(wildcard benchmarks/*.py)))' >&2; exit 2; }
	@test -f benchmarks/$(NAME).py || { echo "There is no benchmark $(NAME). There are: $(basename $(notdir $(wildcard benchmarks/*.py)))" >&2; exit 2; }
	@$(PY) benchmarks/$(NAME).py $(ARGS)

.PHONY: fmt
fmt: $(VENV)/.dev ## format the code and mend what can be mended
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

.PHONY: assets
assets: $(VENV)/.dev ## rebuild the committed page, texts and generated documents (needs Node)
	@cd frontend/sandbox-page && npm ci --no-audit --no-fund && npm run build
	@$(PY) -m seraphim.kernel.catalogs update
	@$(PY) -m seraphim.app.documents

.PHONY: locks
locks: | $(UV) ## resolve the dependencies anew, with hashes
	@$(UV) pip compile -q --universal --generate-hashes --python-version 3.12 --all-extras --group dev --no-header $(ARGS) pyproject.toml -o requirements-dev.lock
	@$(UV) pip compile -q --universal --generate-hashes --python-version 3.12 --all-extras --no-header -c requirements-dev.lock $(ARGS) pyproject.toml -o requirements.lock

.PHONY: browser
browser: ## bring Chromium for the page's tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "Bringing Chromium for the page's tests ..."; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji >/dev/null; } \
	  || echo "Chromium could not be installed here; the page's tests will fail and say so. Install chromium and run this again." >&2; }

.PHONY: clean
clean: ## remove the environment and caches (never your data)
	@rm -rf $(VENV) $(TOOLS) .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help
help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

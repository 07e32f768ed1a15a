# Everything that a person does with this project. `make help` lists it.
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all:

.DEFAULT_GOAL := help
.PHONY: help run test lint types layers unit contract e2e docs-check fmt docs lock clean

help: ## Show what make can do
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'

.venv/run: requirements.txt
	@echo "Preparing .venv (once, about half a minute) ..."
	@command -v $(PYTHON) >/dev/null || { echo "Newsbell needs Python 3.11: install it, or name one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.txt
	@touch $@

.venv/test: requirements-dev.txt .venv/run
	@$(PIP) -r requirements-dev.txt
	@touch $@

run: .venv/run ## Start Newsbell with rules.yaml; Ctrl-C ends it
	@exec $(BIN)/python bot.py

test: lint types layers unit contract e2e docs-check ## Run every check

lint: .venv/test ## Style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/test ## Types
	@$(BIN)/mypy

layers: .venv/test ## Who may import whom
	@$(BIN)/lint-imports

unit: .venv/test ## Small tests
	@$(BIN)/pytest -q tests/unit tests/project

contract: .venv/test ## Tests of every adapter against its port
	@$(BIN)/pytest -q tests/contract

e2e: .venv/test ## bot.py as a process against loopback servers
	@$(BIN)/pytest -q tests/e2e

docs-check: .venv/test ## Generated documentation is up to date
	@$(BIN)/cog --check -r README.md docs/*.md

fmt: .venv/test ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: .venv/test ## Renew generated documentation
	@$(BIN)/cog -r README.md docs/*.md

lock: .venv/test ## Renew the lock files
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean: ## Remove .venv and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Everything that a person does with this project. `make help` lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all:
PYTEST := $(BIN)/pytest -q -n auto
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run demo-chat test lint types layers unit contract e2e docs-check fmt docs schema lock clean

help: ## Show what make can do
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'

.venv/run: requirements.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Newsbell needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2; exit 1; }
	@echo "Preparing .venv (once, about half a minute) ..." >&2
	@"$(PYTHON)" -m venv .venv && $(PIP) -r requirements.txt && touch $@

.venv/test: requirements-dev.txt .venv/run
	@$(PIP) -r requirements-dev.txt
	@touch $@

run: .venv/run ## Start Newsbell with rules.yaml; Ctrl-C ends it
	@exec $(BIN)/python bot.py

demo-chat: .venv/test ## Talk to Newsbell in this terminal, with no Telegram
	@exec $(BIN)/python -m tests.demo_chat

test: lint types layers unit contract e2e docs-check ## Run every check

lint: .venv/test ## Style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/test ## Types
	@$(BIN)/mypy

layers: .venv/test ## Who may import whom
	@$(BIN)/lint-imports

unit: .venv/test ## Small tests
	@$(PYTEST) tests/unit tests/project

contract: .venv/test ## Tests of every adapter against its port
	@$(PYTEST) tests/contract

e2e: .venv/test ## bot.py as a process against loopback servers
	@$(PYTEST) tests/e2e

docs-check: .venv/test ## Generated documentation is up to date
	@$(BIN)/cog -I . --check -r README.md docs/*.md

fmt: .venv/test ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: .venv/test schema ## Renew generated documentation
	@$(BIN)/cog -I . -r README.md docs/*.md
	@$(BIN)/python -m docs.picture

schema: .venv/test ## Renew the schema by which editors check rules.yaml
	@$(BIN)/python -c 'import json; from monitors.rules.schema import json_schema as made; print(json.dumps(made(), indent=2, ensure_ascii=False))' > .venv/schema
	@cp .venv/schema docs/rules.schema.json

lock: .venv/test ## Renew the lock files
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt

clean: ## Remove .venv and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

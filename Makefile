# One command checks everything: make check
PYTHON ?= python3
BIN := .venv/bin

.PHONY: check lint types contracts test test-heavy snapshots bench venv

check: lint types contracts test

venv: .venv/bin/pytest
.venv/bin/pytest: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $@

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: venv
	$(BIN)/pyright

contracts: venv
	$(BIN)/lint-imports

test: venv
	$(BIN)/pytest -m "not heavy" -n 2 --dist worksteal

test-heavy: venv
	$(BIN)/pytest -m heavy

snapshots: venv
	$(BIN)/pytest tests/ui --snapshot-update

bench: venv
	$(BIN)/python -m bench all

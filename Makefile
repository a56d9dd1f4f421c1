# The front door. `make help` lists what can be done here; every target needs cargo and nothing else,
# but `numbers` (and so `style`), which needs the standard library of Python 3.11 or later.

CARGO ?= cargo
# Random cases a law: a quick look, and the full count.
TEST_CASES ?= 100
DEEP_CASES ?= 1000

.DEFAULT_GOAL := help
.PHONY: help run test test-deep style numbers bench bless

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Rank the causes of a case of morning back pain
	@$(CARGO) run --release --quiet -p aetia-examples --example quickstart

test: ## Run every test, doctest and example, and each bench once
	AETIA_CASES=$(TEST_CASES) $(CARGO) test --workspace
	$(CARGO) test -p aetia-benches --benches

test-deep: ## Run the laws with the full number of random cases (DEEP_CASES=1000)
	AETIA_CASES=$(DEEP_CASES) $(CARGO) test --profile deep -p aetia-tests

style: numbers ## Check format, lints and documentation
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --no-deps --workspace --document-private-items

numbers: ## Check that the worked numbers in the documentation are the computed ones
	@python3 crates/aetia/docs/maths.py > /dev/null

bench: ## Measure speed with criterion
	$(CARGO) bench -p aetia-benches

bless: ## Accept the present texts as the expected ones; then read the diff
	BLESS=1 $(CARGO) test -p aetia-tests --test all
	@git status --short -- tests examples

# `make test` is all that a change has to pass, besides `make lint`.

CARGO ?= cargo

.PHONY: help test lint fmt bench demo

help:
	@echo 'make test    everything that tests need, then all tests'
	@echo 'make lint    formatting and clippy, warnings are errors'
	@echo 'make bench   how long the parts of a pass take as the specs grow'
	@echo 'make demo    an organisation with planted drift, in ./abide-demo'

# Tests need Rust, a C compiler (for the SQLite and libgit2 that come along) and git; nothing has to run beside them.
test:
	@command -v $(CARGO) >/dev/null || { echo 'Rust is missing: https://rustup.rs' >&2; exit 1; }
	@command -v cc >/dev/null || { echo 'a C compiler is missing: apt install gcc, or xcode-select --install' >&2; exit 1; }
	@command -v git >/dev/null || { command -v apt-get >/dev/null && apt-get update -q && apt-get install -qy git; } \
		|| { echo 'git is missing, and could not be installed' >&2; exit 1; }
	$(CARGO) test --locked

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

fmt:
	$(CARGO) fmt

bench:
	$(CARGO) bench --locked --bench speed

demo:
	$(CARGO) run --locked --release -- demo

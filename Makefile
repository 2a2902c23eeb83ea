# `make test` is all that a change has to pass, besides `make lint`.

CARGO ?= cargo

.PHONY: help test needs lint fmt bench demo

help:
	@echo 'make test    everything that tests need, then all tests'
	@echo 'make lint    formatting and clippy, warnings are errors'
	@echo 'make bench   how long the parts of a pass take as the specs grow'
	@echo 'make demo    an organisation with planted drift, in ./abide-demo'

# Tests need Rust, a C compiler (for the SQLite and libgit2 that come along), git, GnuPG, a Prometheus with its node exporter, and Python
# 3.11 with its venv, into which the tests install kanban-tui from PyPI, below `target`; nothing has to run beside them: each test
# starts what it asks, on ports that nobody has. What is missing is installed where this is Debian and we are root. `make test
# ABIDE_TEST_WITHOUT_PROMETHEUS=1` leaves out the tests that need Prometheus, ABIDE_TEST_WITHOUT_KANBAN=1 those that need Python,
# ABIDE_TEST_WITHOUT_GNUPG=1 those that need GnuPG.
test: needs
	$(CARGO) test --locked

# Debian starts a server as soon as it is installed, and at every boot; `policy-rc.d` forbids the one, `systemctl` the other. Units that
# were there before are left alone.
needs:
	@command -v $(CARGO) >/dev/null || { echo 'Rust is missing: https://rustup.rs' >&2; exit 1; }
	@command -v cc >/dev/null || { echo 'a C compiler is missing: apt install gcc, or xcode-select --install' >&2; exit 1; }
	@has() { command -v "$$1" >/dev/null; }; missing=; servers=; \
	has git || missing=git; \
	[ -n "$(ABIDE_TEST_WITHOUT_GNUPG)" ] || { has gpg && has gpgconf; } || missing="$$missing gnupg"; \
	[ -n "$(ABIDE_TEST_WITHOUT_KANBAN)" ] || python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3 python3-venv"; \
	if [ -z "$(ABIDE_TEST_WITHOUT_PROMETHEUS)" ]; then \
		has prometheus && has promtool || servers=prometheus; \
		has prometheus-node-exporter || has node_exporter || servers="$$servers prometheus-node-exporter"; \
	fi; \
	[ -n "$$missing$$servers" ] || exit 0; \
	echo "missing for the tests:" $$missing $$servers; \
	has apt-get && [ "$$(id -u)" = 0 ] || { \
		echo 'install it, as root on Debian: apt-get install --no-install-recommends' $$missing $$servers >&2; \
		[ -z "$$servers" ] || echo 'or leave out the tests that need it: ABIDE_TEST_WITHOUT_PROMETHEUS=1' >&2; \
		case "$$missing" in *gnupg*) echo 'or leave out the tests that need GnuPG: ABIDE_TEST_WITHOUT_GNUPG=1' >&2;; esac; \
		case "$$missing" in *python*) echo 'or leave out the tests that need Python: ABIDE_TEST_WITHOUT_KANBAN=1' >&2;; esac; \
		exit 1; \
	}; \
	policy=/usr/sbin/policy-rc.d; \
	if [ -n "$$servers" ] && [ ! -e $$policy ]; then \
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT; trap 'exit 1' INT TERM; \
		printf '#!/bin/sh\nexit 101\n' >$$policy && chmod +x $$policy || exit 1; \
	fi; \
	units=; for server in $$servers; do \
		[ ! -d /run/systemd/system ] || systemctl cat $$server >/dev/null 2>&1 || units="$$units $$server"; \
	done; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -q && apt-get install -qy --no-install-recommends $$missing $$servers || exit 1; \
	[ -z "$$units" ] || systemctl --quiet disable --now $$units

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

fmt:
	$(CARGO) fmt

bench:
	$(CARGO) bench --locked --bench speed

demo:
	$(CARGO) run --locked --release -- demo

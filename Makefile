# Trao Tay. `make` alone lists the targets; each installs what it needs by its ordinary package name.
# cargo builds into ./target, or into CARGO_TARGET_DIR when that is set.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(PATH):$(if $(CARGO_HOME),$(CARGO_HOME),$(HOME)/.cargo)/bin
export PORT ?= 8080
TARGET = $(shell scripts/target-dir)

BUILD_NEEDS := command:cargo apt:gcc:cc apt:libc6-dev:/usr/include/stdio.h
TEST_NEEDS := $(BUILD_NEEDS) apt:python3:python3 apt:openssl:openssl apt:python3-venv:/usr/lib/python3*/ensurepip/__init__.py apt:postgresql:/usr/lib/postgresql/*/bin/initdb apt:postgresql-client:psql apt:chromium:chromium
# The Kotlin half of scripts/skin-day; where these cannot be had it is left out and says so, except in CI.
JVM_NEEDS := apt:default-jdk-headless:java apt:maven:mvn
# A browser's C compiler, for its SQLite; where it cannot be had the browser is left out of scripts/skin-day, except in CI.
WASM_NEEDS := apt:clang:clang apt:llvm:llvm-ar
DEB_NEEDS := $(BUILD_NEEDS) apt:dpkg:dpkg-deb apt:dpkg-dev:dpkg-shlibdeps cargo:cargo-deb@3.8.0
CHECK_NEEDS := $(BUILD_NEEDS) $(WASM_NEEDS) command:node command:npm apt:python3:python3 apt:git:git apt:shellcheck:shellcheck cargo:cargo-deny@0.20.2

.PHONY: help run test torture check bench bindings wasm audit demo openapi deb

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build and start with the demo province on 127.0.0.1:8080 (PORT=… for another port); data in ./data/run
	@scripts/need $(BUILD_NEEDS)
	@cargo build --release --bin traotay
	@mkdir -p data/run
	@exec "$(TARGET)/release/traotay" serve --data data/run --demo

test: ## every test, on SQLite and PostgreSQL, and a demo day on both
	@scripts/need $(TEST_NEEDS)
	@scripts/need $(JVM_NEEDS) || [ -z "$${CI:-}" ]
	@scripts/need $(WASM_NEEDS) || [ -z "$${CI:-}" ]
	@scripts/with-postgres scripts/test

torture: ## 1,000,000 histories of dossiers, 10,000 simulated schedules of phones and server, 10,000 hang-ups, 500 kills per database, 500 of phones and server while papers go about, 500 of API and workers apart, 500 power cuts, 50 full disks, 1,000,000 guessed codes, two minutes of ten times the load (hours)
	@scripts/need $(TEST_NEEDS)
	@TRAOTAY_HISTORIES=1000000 cargo test --release -p domain --test histories -- --nocapture
	@scripts/build
	@TRAOTAY_TORTURE=full scripts/with-postgres cargo test --workspace --test it -- hang_ups kills power_cut disk_full guess overload schedules --nocapture
	@TRAOTAY_TORTURE=full cargo test --release -p custody --test it -- model fold_laws frames --nocapture

check: ## format, lints, licences, dependency arrows, generated files
	@scripts/need $(CHECK_NEEDS)
	@scripts/check

bench: ## the measured numbers, as a table and in target/bench/*.json
	@scripts/need $(TEST_NEEDS) $(WASM_NEEDS)
	@scripts/with-postgres --durable scripts/bench

bindings: ## Kotlin, Swift and Python faces of the phone core, in target/bindings
	@scripts/need $(BUILD_NEEDS)
	@scripts/build
	@scripts/bindings python kotlin swift

wasm: ## the phone core as a package for browsers, in target/wasm; prints its size
	@scripts/need $(BUILD_NEEDS) $(WASM_NEEDS)
	@scripts/wasm --size

audit: ## known security advisories of the dependencies (asks the network)
	@scripts/need $(CHECK_NEEDS)
	@cargo deny --workspace check advisories

demo: ## a working day of the demo province; ARGS="--dossiers 300 --json" and so on
	@scripts/need $(BUILD_NEEDS)
	@cargo build --release --bin traotay
	@"$(TARGET)/release/traotay" demo $(ARGS)

deb: ## a Debian package with systemd units, in target/deb
	@scripts/need $(DEB_NEEDS)
	@scripts/deb

openapi: ## write docs/openapi.json and docs/api.d.ts
	@scripts/need $(BUILD_NEEDS) command:node command:npm
	@scripts/build
	@scripts/openapi
	@scripts/types

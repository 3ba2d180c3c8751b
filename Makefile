# Samtykke. `make` alone lists what there is.
#
# The work is done by the scripts in scripts/, each of which says at its top
# what it does and can be run without make.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The window: `migrated_fynedo` because all drawing happens on Fyne's own
# goroutine, `x11` because that runs everywhere on Linux (Wayland included,
# through its X server) and needs no further headers. `nodynamic`: see scripts/test.
# `no_emoji`: Fyne's font of emoji is 4 MB that is read before the first picture;
# those that the system has are drawn without it.
WINDOW_TAGS := migrated_fynedo,x11,nodynamic,no_emoji

# FyneApp.toml is the one place where the version stands.
VERSION := $(shell sed -n 's/^ *Version *= *"\(.*\)"/\1/p' FyneApp.toml)

##@ Use

.PHONY: demo
demo: build ## The whole story on this machine; IMAGES=DIR takes your own pictures
	mkdir -p .cache/bin
	CGO_ENABLED=0 go build -tags nodynamic -o .cache/bin/demo ./scripts/demo
	.cache/bin/demo $(if $(IMAGES),-images "$(IMAGES)")

.PHONY: run
run: build ## Build and open the window; ARGS="…" gives it arguments
	dist/samtykke $(ARGS)

.PHONY: build
build: $(patsubst cmd/%,dist/%,$(wildcard cmd/samtykke cmd/mediebank)) ## Build dist/samtykke and dist/mediebank

##@ Prove

.PHONY: test
test: deps ## Everything that proves the project
	scripts/test

.PHONY: lint
lint: ## Read the code for mistakes, layers and missing comments
	scripts/lint

.PHONY: fuzz
fuzz: ## Run each fuzz target; FUZZTIME=20s each
	FUZZTIME="$(or $(FUZZTIME),20s)" scripts/fuzz

.PHONY: soak
soak: ## Long runs: CHECKS=5000 cases per property, ROUNDS=5 of all tests
	CHECKS="$(or $(CHECKS),5000)" ROUNDS="$(or $(ROUNDS),5)" scripts/soak

.PHONY: mutants
mutants: ## Break one rule after the other and see a test fail; ONLY=word chooses
	CGO_ENABLED=0 go run ./scripts/mutants -only "$(ONLY)"

##@ Measure

.PHONY: bench
bench: ## Run the benchmarks; BENCH=regexp chooses
	scripts/packages | CGO_ENABLED=0 xargs go test -tags nodynamic -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -timeout 1h

.PHONY: bench-window
bench-window: deps build ## Measure the window against an empty one; ARGS="-only start"
	CGO_ENABLED=1 go build -tags $(WINDOW_TAGS) -trimpath -o .cache/bin/emptywindow ./scripts/benchwindow/empty
	CGO_ENABLED=0 go build -tags nodynamic -o .cache/bin/benchwindow ./scripts/benchwindow
	.cache/bin/benchwindow $(ARGS)

.PHONY: cover
cover: ## How much of the code the tests reach, in dist/coverage.html
	scripts/cover

.PHONY: screenshots
screenshots: deps build ## Photograph the screens for the README
	scripts/screenshots

##@ Keep house

.PHONY: deps
deps: ## Install the system packages that building and testing need
	scripts/system-packages build window test

.PHONY: clean
clean: ## Remove what was built, the compiled linter included
	rm -rf dist .cache

.PHONY: help
help: ## This list
	awk -F ':.*## ' '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

# Only what compiling needs, so that building asks for no browser.
.PHONY: deps-build
deps-build:
	scripts/system-packages build

# Go knows better than make which files a program is made of.
.PHONY: dist/samtykke dist/mediebank
dist/samtykke: deps-build
	echo "Building $@ (the first time takes some minutes: the window is compiled from C)"
	CGO_ENABLED=1 go build -tags $(WINDOW_TAGS) -trimpath -ldflags "-X main.version=$(VERSION)" -o $@ ./cmd/samtykke
dist/mediebank:
	echo "Building $@"
	CGO_ENABLED=0 go build -trimpath -o $@ ./cmd/mediebank

# Two recipes at once would both install packages.
.NOTPARALLEL:

# Commands are shown only when asked for: make VERBOSE=1 build.
ifndef VERBOSE
.SILENT:
endif

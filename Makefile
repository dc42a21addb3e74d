# The two commands of the README, and what else is worth a name. Each needs Rust and a Chrome; `setup`
# finds or installs the Chrome.

.PHONY: help demo test scan build setup sample soak bench bars robustness lint reference accuracy captures

help:
	@echo 'make demo        scan a built-in example site and say where the report is'
	@echo 'make test        run every test'
	@echo 'make scan URL=…  scan a page'
	@echo 'make lint        formatting, clippy, documentation'
	@echo 'make bench       measure the cost of each stage'
	@echo 'make bars        measure what the bars of speed and memory are held to'
	@echo 'make robustness  write what pages that fight back cost to docs/robustness.md'
	@echo 'make accuracy    score the labelled pages and write docs/accuracy.md'
	@echo 'make soak        the long repetitions of the tests'

BINARY = target/release/consentry

setup:
	@sh tools/find-chrome.sh

build:
	@cargo build --release --locked

demo: setup build
	@$(BINARY) demo

# The exit code of a scan says what it found; make would show 1 and 3 as errors of its own.
scan: setup build
	@test -n "$(URL)" || { echo 'say which page: make scan URL=https://www.example.org/quote' >&2; exit 2; }
	@$(BINARY) scan "$(URL)" $(ARGS); code=$$?; \
	case $$code in \
	0) echo 'Exit code 0: nothing failed at or above --fail-on.';; \
	1) echo 'Exit code 1: at least one rule failed; the report shows which.';; \
	3) echo 'Exit code 3: nothing failed, but the page could not be assessed or has no form.';; \
	*) exit $$code;; \
	esac

# Tests mostly wait for pages to settle: more of them at once than there are cores.
test: setup
	@RUST_TEST_THREADS=4 cargo test --release --locked

lint:
	@cargo fmt --check
	@cargo clippy --release --locked --all-targets -- -D warnings
	@RUSTDOCFLAGS='-D warnings' cargo doc --release --locked --no-deps

# The long repetitions: property tests a hundred times as often, and every browser test three times.
soak: setup
	@SOAK=100 cargo test --release --locked --test foreign
	@for round in 1 2 3; do cargo test --release --locked --test pages --test network --test cli --test judge || exit 1; done

bench: setup
	@cargo bench --locked --bench stages
	@cargo bench --locked --bench bars -- sealing

# PART names one of: ratio throughput run linear plain sealing peer. All of it takes an hour.
bars: setup
	@cargo bench --locked --bench bars -- $(PART)

# Each page that fights back in a scan of its own, and docs/robustness.md with what it cost.
robustness: setup
	@cargo test --release --locked --test hostile -- --ignored table

# Needs the labelled real pages in ../shared; the floors that `make test` holds are in docs/accuracy.toml.
accuracy: setup
	@cargo test --release --locked --test score -- --ignored

# The stored captures that rule files name in their examples, from the pages of the same names.
captures: setup
	@cargo test --release --locked --test looks -- --ignored

# The pages of docs/rules, from the rule files.
reference: build
	@$(BINARY) rules pages docs/rules

sample: setup build
	@rm -rf reports/sample target/sample
	@$(BINARY) demo --out target/sample --lang fr
	@mkdir -p reports/sample
	@cp -r target/sample/report.html target/sample/report.json target/sample/screenshots reports/sample/

.PHONY: build demo test fuzz bench bench-script bench-cloud conformance check goldens dist dist-check

build:
	go build -o bin/ ./cmd/...

# The three-tier policy in a cloud that lives as long as the command: Go alone.
demo: build
	@PATH="$(CURDIR)/bin:$$PATH" sh testdata/demo/demo.sh

# Needs Go alone; what needs a further tool skips, and is listed at the end. Searches go as
# many times as far as SGC_ROUNDS says. Scripts wait more than they compute: several at
# once, beside other packages.
test:
	go run ./internal/gotest -p 4 -parallel 8 ./...

# Ratios of whole processes, taken in one run.
bench:
	go test -run '^$$' -bench . -benchtime 7x -timeout 30m ./bench
	go test -run '^$$' -bench . -benchtime 5x ./access
	go test -run '^$$' -bench . -benchtime 7x ./cmd/sgc
	@if [ "$$(id -u)" = 0 ]; then $(MAKE) bench-script; else echo 'bench-script needs root: it starts a real cloud'; fi

# As root on Debian: real clouds of several releases on loopback, one after the other. Their versions are in what it prints.
conformance:
	bash -o pipefail -c "go test -tags conformance -count 1 -timeout 60m -v ./conformance | grep --line-buffered -v '^=== '"

bench-script:
	go test -tags conformance -run '^$$' -bench Script -benchtime 1x -timeout 30m ./conformance

# Apply beside the best loop of bulk calls, and beside the commands of the manual.
bench-cloud:
	go test -tags conformance -run '^$$' -bench Apply -benchtime 5x -timeout 30m ./conformance

check:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'gofmt would change these' >&2; exit 1; }
	go vet ./...
	go vet -tags conformance ./...
	go tool staticcheck -tags conformance ./...
	go mod tidy -diff

# Each fuzz target for a while, one after the other. Which way a map is walked
# changes from run to run, so that an input may never look minimal: without the
# bound a minute goes into each.
fuzz:
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep ^Fuzz); do \
			echo "$$p $$f"; \
			go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$p || exit 1; \
		done; \
	done

FUZZTIME = 30s

# Writes the expected outputs anew; git diff shows what changed.
goldens:
	go test ./cmd/sgc ./draft ./export ./picture ./report ./schema ./targets -update

# What a release is made of, from the commit that is checked out.
dist:
	rm -rf dist
	packaging/dist.sh dist

# That it builds, comes out the same again, and installs; the last as root on Debian.
dist-check:
	packaging/check.sh

.PHONY: build test
build:
	go build -o bin/sgc ./cmd/sgc
test:
	go test ./...

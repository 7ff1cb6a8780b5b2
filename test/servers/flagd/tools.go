//go:build tools

// Package tools names what is built, so that `go mod tidy` keeps it.
package tools

import _ "github.com/open-feature/flagd/flagd"

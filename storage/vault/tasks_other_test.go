//go:build !linux

package vault_test

var systemTasks map[string]func(dir string) error

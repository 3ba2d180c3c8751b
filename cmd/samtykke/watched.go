//go:build !migrated_fynedo

package main

// migrated lets Fyne watch on which goroutine its widgets are touched. Such a build is for the tests: it says on standard error where
// one is touched on another.
const migrated = false

//go:build migrated_fynedo

package main

// migrated tells Fyne that every widget is touched on its own goroutine, and need not be watched.
const migrated = true

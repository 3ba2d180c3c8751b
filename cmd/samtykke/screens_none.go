//go:build !cgo || ci

package main

import "samtykke/ui/desktop"

// systemScreens is what this build knows of screens: nothing, for its windows are only there for tests.
func systemScreens() desktop.Screens { return nil }

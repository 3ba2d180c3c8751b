package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/go-text/typesetting/fontscan"

	"samtykke/app/capture"
	"samtykke/assets"
	"samtykke/storage/vault"
	"samtykke/sync/wire"
	"samtykke/ui/desktop"
	"samtykke/ui/desktop/ending"
)

// appID is the program's identity on every platform, the same as in FyneApp.toml.
const appID = "no.samtykke.app"

// openWindow runs the window until it is closed, and locks the vault.
func openWindow(ctx context.Context, door desktop.Door, library capture.Library, language string) error {
	for _, secret := range []string{passphraseVariable, newPassphraseVariable, recoveryKeyVariable, pinVariable} {
		if err := os.Unsetenv(secret); err != nil { // the window asks; what it starts, such as a viewer, must not inherit them
			return fmt.Errorf("forget %s: %w", secret, err)
		}
	}
	collect := beforehand()
	icon, err := assets.Icon("icon.png")
	if err != nil {
		return fmt.Errorf("read icon: %w", err)
	}
	resource := fyne.NewStaticResource("icon.png", icon)
	// Set here, so that it holds wherever the program is started from; Fyne reads FyneApp.toml from the working folder only.
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: "Samtykke", Version: version, Icon: resource, Migrations: map[string]bool{"fyneDo": migrated}})
	a := app.NewWithID(appID)
	a.SetIcon(resource)
	folder, stop := ending.Usual(door.Path()), func() error { return nil }
	ctx, closed := context.WithCancel(ctx)
	defer closed()
	a.Lifecycle().SetOnStarted(func() { // not before: the first picture comes first
		collect()
		go new(rest).watch(ctx)
		stop = watchEnding(ctx, folder)
	})
	desktop.New(a, desktop.Config{Door: door, Library: library, Language: language, Version: version,
		Ending: folder, Screens: systemScreens(),
		VaultFormat: vault.Format, WireVersion: wire.Version}).Run()
	if err := stop(); err != nil {
		slog.Warn("The process that waited for a crash did not end well.", "error", err)
	}
	if err := door.Close(); err != nil {
		return errors.Join(errors.New("lock the vault"), err)
	}
	return nil
}

// beforehand shortens the time to the first picture. Fyne asks for the fonts of the system when it measures the first word; they are looked
// up on another processor while Fyne begins. Until collect is called, garbage is not collected: nearly all that is made meanwhile stays.
func beforehand() (collect func()) {
	usual := debug.SetGCPercent(-1)
	go func() {
		if _, err := fontscan.SystemFonts(mute{}, ""); err != nil { // the same folder that Fyne names
			slog.Warn("The fonts of the system could not be read; letters that the program's own lack may be missing.", "error", err)
		}
	}()
	return func() { debug.SetGCPercent(usual) }
}

// mute says nothing about each font on the way.
type mute struct{}

// Printf implements fontscan.Logger.
func (mute) Printf(string, ...any) {}

// version is stamped in by the build, from FyneApp.toml.
var version = "development"

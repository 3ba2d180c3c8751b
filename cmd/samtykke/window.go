package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

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
	a.Lifecycle().SetOnStarted(func() { stop = watchEnding(ctx, folder) }) // not before: the first picture comes first
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

// version is stamped in by the build, from FyneApp.toml.
var version = "development"

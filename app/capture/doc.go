// Package capture is what the device can do: the use cases behind every button of the window and every subcommand. It knows no
// window, no database and no network; storage and sync plug in through the interfaces declared in ports.go.
//
// A Session is an unlocked vault in use. It keeps the fold of all events in memory (consent.State) and writes through to the
// Store: every use case that changes something signs its events, commits them together with everything they name in one
// transaction, and only then answers. What a use case has answered is therefore durable (design §3.1), and what it refused has
// left nothing behind.
//
//	s, err := capture.Open(ctx, parts)        // after the vault has been unlocked
//	id, err := s.AddShoot(ctx, capture.ShootDetails{Title: "Åpning av ny skole"})
//	who, err := s.Register(ctx, capture.Registration{Shoot: id, Name: "…"})
//	rec, err := s.RecordConsent(ctx, capture.Signing{…})
//
// Personal data goes into sealed profiles and sealed blobs only. Events carry pseudonyms and hashes; texts that may name people
// (a shoot's title, a file's name, a justification) stand in salted blobs that the events name by hash.
package capture

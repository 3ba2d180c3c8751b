package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"
	"golang.org/x/term"

	"samtykke/app/library"
	"samtykke/sync/wire"
)

type inviteCommand struct {
	dataFlags
	Name      string `placeholder:"NAME" help:"Whom the invitation is for; kept for your own overview."`
	PublicURL string `name:"public-url" placeholder:"URL" help:"Address of the library, when it has not been served yet or is reached another way."`
}

// firstAddress is where a library listens that nobody has served yet.
const firstAddress = "http://127.0.0.1:8330"

// Run makes an invitation. It works beside a library that serves, and before one ever did.
func (i *inviteCommand) Run(c *call) error {
	storage, err := i.open(c, true)
	if err != nil {
		return err
	}
	defer storage.Close()
	address := strings.TrimRight(i.PublicURL, "/")
	if address == "" {
		if address, err = library.PublicURL(c, storage.ledger); err != nil {
			return err
		}
	}
	secret, err := library.Invite(c, storage.ledger, i.Name, time.Now(), wire.InviteLifetime)
	if err != nil {
		return err
	}
	invitation := wire.Invitation{Address: orElse(address, firstAddress), Secret: secret}
	text := fmt.Sprintf("Code:    %s\nAddress: %s\nIt lets in one device and holds for %.0f hours.\n",
		invitation.Code(), invitation.URL(), wire.InviteLifetime.Hours())
	if !c.json && isTerminal(c.stdout) {
		code, err := qrcode.New(invitation.Code(), qrcode.Medium)
		if err != nil {
			return fmt.Errorf("draw QR code: %w", err)
		}
		text += "\n" + code.ToSmallString(false)
	}
	return c.answer(struct {
		Code string `json:"code"`
		URL  string `json:"url"`
	}{invitation.Code(), invitation.URL()}, text)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

package vault_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/storage/vault"
)

// childTask names what the test binary does instead of testing, so that tests have real other processes to look at.
const childTask = "SAMTYKKE_VAULT_CHILD"

// childTasks are the tasks.
var childTasks = map[string]func(dir string) error{
	"hold":   holdVault,
	"commit": commitForEver,
}

func TestMain(m *testing.M) {
	task, dir, found := strings.Cut(os.Getenv(childTask), ":")
	if !found {
		os.Exit(m.Run())
	}
	if err := childTasks[task](dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child starts this binary with another task.
func child(tb testing.TB, task, dir string) (*exec.Cmd, *bufio.Reader, *bytes.Buffer) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"="+task+":"+dir)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	return cmd, bufio.NewReader(out), &said
}

// holdVault opens the vault, says so, and holds it until its standard input ends.
func holdVault(dir string) error {
	v, err := vault.Open(context.Background(), dir, passphrase, light)
	if err != nil {
		return err
	}
	fmt.Println("open")
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	return v.Close()
}

// commitForEver commits one consent after the other and says the number of each that was acknowledged.
func commitForEver(dir string) error {
	v, err := vault.Open(context.Background(), dir, passphrase, light)
	if err != nil {
		return err
	}
	for _, sentence := range v.Report() {
		fmt.Fprintln(os.Stderr, sentence)
	}
	next := 0
	if err := v.View(context.Background(), func(tx capture.Tx) error {
		_, err := tx.Setting("next", &next)
		return err
	}); err != nil {
		return err
	}
	for ; ; next++ {
		if err := v.Update(context.Background(), func(tx capture.Tx) error {
			if next%10 == 9 { // an erasure now and then, so that kills meet it too
				if err := tx.ForgetSubject(subjectOf(next - 9)); err != nil {
					return err
				}
			}
			return putConsent(tx, next)
		}); err != nil {
			return err
		}
		fmt.Println(next)
	}
}

func subjectOf(n int) consent.SubjectID { return consent.SubjectID(fmt.Sprintf("subject-%d", n)) }

func drawnOf(n int) capture.Blob {
	return blob(capture.ClassEvidence, subjectOf(n), strings.Repeat(fmt.Sprintf("stroke %d ", n), 1+n*37%2000))
}

// putConsent puts everything that one consent is, and the number of the next.
func putConsent(tx capture.Tx, n int) error {
	raw, err := json.Marshal(consent.Envelope{V: 1, ID: consent.EventID(uuid.NewSHA1(uuid.Nil, []byte{byte(n), byte(n >> 8)}).String()),
		Type: consent.ConsentDecided, Seq: uint64(n + 1), Body: json.RawMessage(`{}`)})
	if err != nil {
		return err
	}
	drawn := drawnOf(n)
	return errors.Join(
		tx.PutProfile(consent.Profile{Subject: subjectOf(n), Name: fmt.Sprint("Kari ", n)}, true),
		tx.PutBlob(drawn),
		tx.AppendEvent(capture.StoredEvent{SignedEvent: evidence.SignedEvent{Envelope: raw, Signature: make([]byte, 64)}, Own: true}),
		tx.PutTransfer(capture.Transfer{Hash: drawn.Hash, Class: drawn.Class, State: capture.TransferWaiting}),
		tx.PutSetting("next", n+1))
}

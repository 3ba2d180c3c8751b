package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"path/filepath"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/roster"
	"samtykke/storage/vault"
	"samtykke/test/drive"
)

const shootTitle = "A year of pictures"

// vault makes a vault with so many pictures and people, none of which there are, as another device would have sent them. The passphrase is quick to try.
func (b *bench) vault(ctx context.Context, name string, pictures, people int) (string, error) {
	dir := filepath.Join(b.dir, name)
	v, _, err := vault.Create(ctx, dir, drive.Passphrase, vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}})
	if err != nil {
		return "", err
	}
	parts := capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews(), Folder: v.Folder()}
	err = fill(ctx, v, parts, pictures, people)
	if closed := v.Close(); err == nil {
		err = closed
	}
	return dir, err
}

func fill(ctx context.Context, v *vault.Vault, parts capture.Parts, pictures, people int) error {
	_, err := capture.Initialise(ctx, parts, capture.Setup{Organisation: consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@eksempel.example"}})
	if err != nil {
		return err
	}
	s, err := capture.Open(ctx, parts)
	if err != nil {
		return err
	}
	shoot, err := s.AddShoot(ctx, capture.ShootDetails{Title: shootTitle})
	if err != nil {
		return err
	}
	for from := 0; from < people; from += roster.MaxRows {
		var list strings.Builder
		list.WriteString("name;phone;e-mail;born;group\n")
		for i := from; i < min(from+roster.MaxRows, people); i++ {
			fmt.Fprintf(&list, "%s;+479%07d;person%d@eksempel.example;%d;%d%c\n", madeUp(i), i, i, 1950+i%70, 1+i%10, 'A'+i%4)
		}
		if _, err := s.ImportRoster(ctx, capture.RosterImport{Shoot: shoot, Data: []byte(list.String())}); err != nil {
			return err
		}
	}
	key, err := evidence.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	shown := s.People("")
	shown = shown[:min(len(shown), 100)]
	var previews [][]byte // decoding is what counts, not that each is another
	for i := range min(pictures, 40) {
		previews = append(previews, preview(i))
	}
	var head evidence.Head
	for from := 0; from < pictures; from += 5000 {
		err := v.Update(ctx, func(tx capture.Tx) error {
			for i := from; i < min(from+5000, pictures); i++ {
				sum := sha256.Sum256(fmt.Append(nil, i))
				asset := consent.AssetID(hex.EncodeToString(sum[:]))
				for _, draft := range []evidence.Draft{
					{Type: consent.AssetImported, Shoot: shoot, Asset: asset, Body: consent.ImportedBody{Kind: consent.Photo, Size: 1, MIME: "image/jpeg"}},
					{Type: consent.AssetAppearance, Subject: shown[i%len(shown)].ID, Asset: asset, Body: consent.AppearanceBody{}},
					{Type: consent.AssetPeople, Asset: asset, Body: consent.PeopleBody{Count: 1 + i%5/4}},
				} {
					signed, _, next, err := evidence.Append(key, head, time.Now(), rand.Reader, draft)
					if err != nil {
						return err
					}
					head = next
					if err := tx.AppendEvent(capture.StoredEvent{SignedEvent: signed}); err != nil {
						return err
					}
				}
				if err := parts.Previews.PutPreview(asset, previews[i%len(previews)]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// preview is a small picture, each of another colour.
func preview(i int) []byte {
	picture := image.NewRGBA(image.Rect(0, 0, 512, 384))
	draw.Draw(picture, picture.Rect, image.NewUniform(color.RGBA{R: uint8(i * 7), G: uint8(i * 13), B: uint8(i * 29), A: 255}), image.Point{}, draw.Src)
	for y := range 384 {
		for x := range 512 {
			if (x+i)/16%2 == y/16%2 {
				picture.SetRGBA(x, y, color.RGBA{R: uint8(x), G: uint8(y), B: uint8(i), A: 255})
			}
		}
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, picture, &jpeg.Options{Quality: 70}) // into memory
	return out.Bytes()
}

func madeUp(i int) string {
	first := []string{"Ola", "Kari", "Åse", "Bjørn", "Anne", "Per", "Nils", "Ingrid", "Sigrid", "Håkon"}
	last := []string{"Nordmann", "Eksempel", "Dømesen", "Prøvesen", "Testvik", "Mønster"}
	return fmt.Sprintf("%s %s%d %s", first[i%len(first)], string(rune('A'+i/60%26)), i/1560, last[i/10%len(last)])
}

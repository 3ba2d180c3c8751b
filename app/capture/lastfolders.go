package capture

import (
	"cmp"
	"context"
)

// settingFolders is where folders were chosen last. A folder may be called after somebody, so it is kept sealed and not among the
// preferences of the window.
const settingFolders = "folders"

// LastFolder is the folder that was chosen last for a kind of choice, "" when none was.
func (s *Session) LastFolder(ctx context.Context, kind string) (folder string, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		folders := map[string]string{}
		_, err := tx.Setting(settingFolders, &folders)
		folder = folders[kind]
		return err
	})
	return folder, err
}

// UseFolder remembers the folder that was chosen for a kind of choice.
func (s *Session) UseFolder(ctx context.Context, kind, folder string) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		folders := map[string]string{}
		if _, err := tx.Setting(settingFolders, &folders); err != nil || folders[kind] == folder {
			return err
		}
		folders[kind] = folder
		return tx.PutSetting(settingFolders, folders)
	})
}

// ReceiptFolder is the folder into which receipts are written: the one that was chosen for them, or else the usual one.
func (s *Session) ReceiptFolder(ctx context.Context, usual string) (string, error) {
	chosen, err := s.LastFolder(ctx, receiptFolders)
	return cmp.Or(chosen, usual), err
}

// UseReceiptFolder chooses the folder into which receipts are written.
func (s *Session) UseReceiptFolder(ctx context.Context, folder string) error {
	return s.UseFolder(ctx, receiptFolders, folder)
}

// receiptFolders is the kind of the folder into which receipts are written, which no choice of files has.
const receiptFolders = "receipts"

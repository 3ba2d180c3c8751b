package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// Setting reads a value into a pointer; false when it was never put.
func (t *tx) Setting(name string, into any) (bool, error) {
	return t.getJSON(bucketSettings, t.keys.hidden(kindSetting, name), into)
}

// PutSetting stores a value.
func (t *tx) PutSetting(name string, value any) error {
	return t.putJSON(bucketSettings, t.keys.hidden(kindSetting, name), value)
}

// DeleteSetting removes a value.
func (t *tx) DeleteSetting(name string) error {
	return t.delete(bucketSettings, t.keys.hidden(kindSetting, name))
}

// PutTransfer stores how far something has come.
func (t *tx) PutTransfer(f capture.Transfer) error {
	if f.Hash == "" {
		return errors.New("transfer names no hash")
	}
	hash := t.keys.hidden(kindHash, string(f.Hash))
	key := append([]byte{classRank(f.Class)}, hash...)
	if old := t.findClassed(bucketTransfers, hash); old != nil && !bytes.Equal(old, key) {
		if err := t.delete(bucketTransfers, old); err != nil {
			return err
		}
	}
	return t.putJSON(bucketTransfers, key, f)
}

// Transfer reads one entry of the queue; false when there is none.
func (t *tx) Transfer(hash consent.BlobHash) (f capture.Transfer, found bool, err error) {
	key := t.findClassed(bucketTransfers, t.keys.hidden(kindHash, string(hash)))
	if key == nil {
		return f, false, nil
	}
	found, err = t.getJSON(bucketTransfers, key, &f)
	return f, found, err
}

// EachTransfer walks the queue in the order of the classes.
func (t *tx) EachTransfer(fn func(capture.Transfer) error) error {
	return walkJSON(t, bucketTransfers, fn)
}

// DeleteTransfer takes an entry off the queue.
func (t *tx) DeleteTransfer(hash consent.BlobHash) error {
	key := t.findClassed(bucketTransfers, t.keys.hidden(kindHash, string(hash)))
	if key == nil {
		return nil
	}
	return t.delete(bucketTransfers, key)
}

// PutAssetFile stores what this device knows about an asset's file.
func (t *tx) PutAssetFile(f capture.AssetFile) error {
	if f.Asset == "" {
		return errors.New("asset's file names no asset")
	}
	return t.putJSON(bucketAssetFiles, t.keys.hidden(kindHash, string(f.Asset)), f)
}

// AssetFile reads it; false when the asset was not imported here.
func (t *tx) AssetFile(id consent.AssetID) (f capture.AssetFile, found bool, err error) {
	found, err = t.getJSON(bucketAssetFiles, t.keys.hidden(kindHash, string(id)), &f)
	return f, found, err
}

// EachAssetFile walks them in no particular order.
func (t *tx) EachAssetFile(fn func(capture.AssetFile) error) error {
	return walkJSON(t, bucketAssetFiles, fn)
}

// DeleteAssetFile forgets what this device knows about an asset's file: its name may be a person's.
func (t *tx) DeleteAssetFile(id consent.AssetID) error {
	name := t.keys.hidden(kindHash, string(id))
	if t.bolt.Writable() && t.bolt.Bucket(bucketAssetFiles).Get(name) == nil {
		return nil
	}
	if err := t.delete(bucketAssetFiles, name); err != nil {
		return err
	}
	return t.shredLater()
}

func (t *tx) putJSON(bucket, key []byte, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write into %s: %w", bucket, err)
	}
	return t.put(bucket, key, t.keys.values, raw)
}

func (t *tx) getJSON(bucket, key []byte, into any) (bool, error) {
	raw, found, err := t.get(bucket, key, t.keys.values)
	if err != nil || !found {
		return false, err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return false, fmt.Errorf("read from %s: %w", bucket, err) // sealed as it was written: the caller's type does not fit
	}
	return true, nil
}

func walkJSON[T any](t *tx, bucket []byte, fn func(T) error) error {
	return walk(t, bucket, nil, func(e entry) (value T, err error) {
		raw, err := openValue(bucket, e.key, e.sealed, t.keys.values)
		if err == nil {
			err = json.Unmarshal(raw, &value)
		}
		return value, err
	}, fn)
}

package capture

import (
	"context"
	"io"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Store is the device's memory. Everything it keeps is sealed at rest; identifiers and hashes may stand in the clear.
type Store interface {
	// View runs fn on a consistent snapshot. Values handed out may be kept.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn and commits what it did: after a nil error it survives a power cut, after any error nothing of it happened.
	// Updates run one after the other. fn must not call Update or View.
	Update(ctx context.Context, fn func(Tx) error) error
	// OlderCopies lists the files and folders, by absolute path, in which the store has set aside how it was earlier. They keep what
	// was erased since, until somebody removes them.
	OlderCopies() ([]string, error)
}

// Tx is one transaction. Writing in a View is a programming error and fails.
type Tx interface {
	Settings
	Events
	Subjects
	Blobs
	Transfers
	AssetFiles
}

// Settings are small named values, stored as JSON.
type Settings interface {
	// Setting reads a value into a pointer; false when it was never put.
	Setting(name string, into any) (bool, error)
	PutSetting(name string, value any) error
	// DeleteSetting removes a value; one that was never put is no error.
	DeleteSetting(name string) error
}

// StoredEvent is an event with what the library has said about it.
type StoredEvent struct {
	evidence.SignedEvent
	Own        bool      // signed by this device
	ServerSeq  uint64    // 0 until the library has accepted it
	ReceivedAt time.Time // by the library's clock; zero until it has accepted it
	// Held says why the library put it aside for a person to look at; "" otherwise.
	Held string
}

// heldRevoked is why an event of a device that was shut out is put aside.
const heldRevoked = "the device had been shut out"

// counts tells whether the event is part of what stands. An own event counts although the library put it aside; one of another
// device is kept in its chain and no more.
func (e StoredEvent) counts() bool { return e.Own || e.Held == "" }

// Events is the log.
type Events interface {
	// AppendEvent adds an event. One that is already there (same id) is left as it is, except that ServerSeq, ReceivedAt and
	// Held are taken over when they were unknown, that a version the library has accepted takes the place of one it has not, and that
	// with its first ServerSeq the library's word takes the place of whatever was thought before.
	AppendEvent(e StoredEvent) error
	// Event returns an event; false when it is not here.
	Event(id consent.EventID) (StoredEvent, bool, error)
	// EachEvent walks the log in the order of arrival until fn fails.
	EachEvent(fn func(StoredEvent) error) error
	// WaitingEvents returns up to limit own events that the library has neither accepted nor held, in the order of their numbers.
	WaitingEvents(limit int) ([]StoredEvent, error)
	// ReplaceEvent puts an event in the place of the one with the same id, which its device has signed anew.
	ReplaceEvent(e StoredEvent) error
	// CountWaitingEvents counts them all without reading them.
	CountWaitingEvents() (int, error)
}

// Subjects keeps the personal data, each subject's under a key of their own.
type Subjects interface {
	// SubjectKey returns the subject's key, drawing it the first time (in an Update).
	SubjectKey(id consent.SubjectID) ([]byte, error)
	// TakeSubjectKey takes over the key that another vault has for a subject: as theirs when there is none here, and beside it
	// otherwise, since personal links that were handed out follow from it. It goes when the subject goes.
	TakeSubjectKey(id consent.SubjectID, key []byte) error
	// SubjectKeys returns all keys of a subject, first the one that seals; none for a subject of whom there is nothing here.
	SubjectKeys(id consent.SubjectID) ([][]byte, error)
	// PutProfile stores a profile and remembers whether the library still has to get this revision.
	PutProfile(p consent.Profile, waiting bool) error
	Profile(id consent.SubjectID) (consent.Profile, bool, error)
	EachProfile(fn func(consent.Profile) error) error
	// WaitingProfiles returns the profiles that the library still has to get.
	WaitingProfiles() ([]consent.Profile, error)
	// ForgetSubject removes the profile, every blob sealed for the subject with its place in the queue, and the key. Once the store
	// is closed nothing of them is left in its files.
	ForgetSubject(id consent.SubjectID) error
}

// Blob is a small sealed thing that an event names by hash: evidence, details, forms. At most MaxBlob bytes.
type Blob struct {
	Hash    consent.BlobHash
	Class   BlobClass
	Subject consent.SubjectID // whose key seals it; "" for what is nobody's
	Data    []byte
}

// MaxBlob bounds a blob, in bytes. A scan of a paper fits; a film does not belong here.
const MaxBlob = 24 << 20

// BlobClass is what a blob is.
type BlobClass string

// The classes, in the order in which they are sent.
const (
	ClassForm     BlobClass = "form"
	ClassDetails  BlobClass = "details"
	ClassEvidence BlobClass = "evidence"
	ClassOriginal BlobClass = "original" // not in Blobs but in Originals
)

// Blobs keeps small things by hash.
type Blobs interface {
	PutBlob(b Blob) error
	// Blob returns a blob; false when it is not here (never was, or erased).
	Blob(hash consent.BlobHash) (Blob, bool, error)
	// EachBlobOfClass walks the blobs of one class.
	EachBlobOfClass(class BlobClass, fn func(Blob) error) error
	// DeleteBlob removes a blob, and once the store is closed every trace of its bytes; one that is not here is no error.
	DeleteBlob(hash consent.BlobHash) error
}

// TransferState is how far something has come on its way to the library.
type TransferState string

// The states. Only TransferReceived lets anything be pruned.
const (
	TransferWaiting  TransferState = "waiting"
	TransferSending  TransferState = "sending"
	TransferReceived TransferState = "received"
)

// Transfer is one blob or original on its way to the library.
type Transfer struct {
	Hash    consent.BlobHash         `json:"hash"`
	Class   BlobClass                `json:"class"`
	Size    int64                    `json:"size"` // bytes
	State   TransferState            `json:"state"`
	Upload  string                   `json:"upload,omitempty"` // address of the begun upload
	Offset  int64                    `json:"offset,omitempty"` // bytes the library has said it holds of it
	Receipt *evidence.StorageReceipt `json:"receipt,omitempty"`
	// Trouble is the last failure in words, "" when there was none; Problem and Values are problem.Problem's ID and Values of it.
	Trouble string         `json:"trouble,omitempty"`
	Problem string         `json:"problem,omitempty"`
	Values  map[string]any `json:"values,omitempty"`
}

// Fail notes what went wrong; nil notes that all is well.
func (t *Transfer) Fail(why *problem.Problem) {
	t.Trouble, t.Problem, t.Values = "", "", nil
	if why != nil {
		t.Trouble, t.Problem, t.Values = why.Error(), why.ID, why.Values
	}
}

// Transfers is the durable queue.
type Transfers interface {
	PutTransfer(t Transfer) error
	Transfer(hash consent.BlobHash) (Transfer, bool, error)
	// EachTransfer walks the queue: forms first, then details, evidence, originals.
	EachTransfer(fn func(Transfer) error) error
	// DeleteTransfer takes something off the queue that no longer exists; one that is not on it is no error.
	DeleteTransfer(hash consent.BlobHash) error
}

// AssetFile is what this device knows about an asset's file beyond the events. It is sealed: a file's name may name a person.
type AssetFile struct {
	Asset       consent.AssetID `json:"asset"`
	Name        string          `json:"name"`
	Path        string          `json:"path,omitempty"`    // where it lies, when it was imported by reference
	Modified    time.Time       `json:"modified,omitzero"` // when that file was last written, as its disk told at the import
	Format      string          `json:"format"`
	Width       int             `json:"width"` // upright
	Height      int             `json:"height"`
	Orientation int             `json:"orientation"`
	TakenAt     time.Time       `json:"taken_at,omitzero"`
	Camera      string          `json:"camera,omitempty"`
	HasC2PA     bool            `json:"has_c2pa,omitempty"`
	Duration    time.Duration   `json:"duration,omitempty"` // of a film or a recording
	Serial      string          `json:"serial,omitempty"`   // of the camera
	// ClockOffset is by how much the camera's clock was corrected; TakenAt is the corrected time.
	ClockOffset time.Duration `json:"clock_offset,omitempty"`
	// Companions are the files that came with it, as far as this device imported them.
	Companions []CompanionFile `json:"companions,omitempty"`
	// Undecided says why nobody knows yet whose picture this is; "" when there is no such question.
	Undecided Undecided `json:"undecided,omitempty"`
	// Candidates are whose it may be, when that is undecided.
	Candidates []consent.SubjectID `json:"candidates,omitempty"`
	// Slate lists the subjects whose slate card it shows; such a picture is not a picture of people.
	Slate []consent.SubjectID `json:"slate,omitempty"`
	// Card is what kind of card it shows when nobody's frames follow it; "" for the card of people, and for no card.
	Card CardKind `json:"card,omitempty"`
	// Followed: a card has told whose it is, or it became a question. Once that is answered, another import does not ask again.
	Followed bool `json:"followed,omitempty"`
	// Told are the people to whom cards have linked it, now or before other cards came; without those who were taken off it since.
	Told []consent.SubjectID `json:"told,omitempty"`
	// Captioned are the people whose codes stand in its caption.
	Captioned []consent.SubjectID `json:"captioned,omitempty"`
	// Folder is the folder on the memory card when that has a number (DCF 2.0 §3.2), since the numbers of files begin anew with it.
	Folder string `json:"folder,omitempty"`
}

// CompanionFile is a file that came with an asset: the raw file of a JPEG, a sidecar.
type CompanionFile struct {
	SHA256   consent.BlobHash `json:"sha256"`
	Name     string           `json:"name"`
	Path     string           `json:"path,omitempty"`    // where it lies, when it was imported by reference
	Modified time.Time        `json:"modified,omitzero"` // as of an AssetFile
	Format   string           `json:"format"`
	Size     int64            `json:"size"` // bytes
}

// AssetFiles keeps one entry per asset whose file was imported here.
type AssetFiles interface {
	PutAssetFile(f AssetFile) error
	AssetFile(id consent.AssetID) (AssetFile, bool, error)
	EachAssetFile(fn func(AssetFile) error) error
	// DeleteAssetFile forgets what this device knows about an asset's file, once the store is closed without a trace; an unknown one
	// is no error.
	DeleteAssetFile(id consent.AssetID) error
}

// Originals keeps the bytes of imported assets, sealed and named by their hash.
type Originals interface {
	// Put reads r to its end, seals it, flushes it to disk, reads it back and files it under the SHA-256 of what it read. Putting the
	// same bytes again is harmless. After an error nothing is filed.
	Put(ctx context.Context, r io.Reader) (hash consent.AssetID, size int64, err error)
	// Open gives random access to the unsealed bytes; a problem of kind NotFound when they are not here.
	Open(hash consent.AssetID) (Original, error)
	// Has tells whether the bytes are here, without reading them.
	Has(hash consent.AssetID) bool
	// Whole reads the bytes to their end and tells whether they are here and what their name says.
	Whole(ctx context.Context, hash consent.AssetID) bool
	// Remove removes the bytes for good; removing what is not here is no error.
	Remove(hash consent.AssetID) error
}

// Original is an opened original.
type Original interface {
	io.ReaderAt
	io.Closer
	Size() int64 // bytes
}

// Previews keeps small upright JPEGs of assets. They can all be made again.
type Previews interface {
	PutPreview(id consent.AssetID, jpeg []byte) error
	// Preview returns a preview; false when there is none.
	Preview(id consent.AssetID) ([]byte, bool, error)
	// DeletePreview removes a preview; removing none is no error.
	DeletePreview(id consent.AssetID) error
}

// Clock tells the time with the device's zone.
type Clock func() time.Time

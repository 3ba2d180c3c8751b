package library

import (
	"context"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// Ledger is the library's memory: everything except the bytes of files.
type Ledger interface {
	// View runs read with one consistent picture of the ledger, which writers do not disturb.
	View(ctx context.Context, read func(Reader) error) error
	// Update runs write in one transaction, one at a time. When it returns nil everything is on disk; when it returns an
	// error nothing has happened.
	Update(ctx context.Context, write func(Tx) error) error
}

// Reader reads the ledger. "Not there" is a false or nil, never an error.
type Reader interface {
	Setting(name string) ([]byte, error)
	Invitation(hash string) (Invitation, bool, error)
	Device(id consent.DeviceID) (Device, bool, error)
	Devices() ([]Device, error) // in the order of their enrolment

	Event(id consent.EventID) (LoggedEvent, bool, error)
	// Events lists at most limit events after a server_seq, in order.
	Events(after uint64, limit int) ([]LoggedEvent, error)
	// Quarantine lists the events that still wait for a person, oldest first.
	Quarantine() ([]QuarantinedEvent, error)
	// Changes lists at most limit changes after a cursor, in order.
	Changes(after uint64, limit int) ([]Change, error)

	// LogSize is how many events there are, and so how many leaves the Merkle log has.
	LogSize() (uint64, error)
	// ReadHashes reads stored hashes of the Merkle log, numbered as tlog.StoredHashIndex does.
	ReadHashes(indexes []int64) ([]tlog.Hash, error)

	Profile(id consent.SubjectID) (consent.Profile, bool, error)
	// Profiles lists at most limit subjects that have a profile, after one of them, in order.
	Profiles(after consent.SubjectID, limit int) ([]consent.SubjectID, error)
	Erased(id consent.SubjectID) (bool, error)

	Declarations(hash consent.BlobHash) ([]Declaration, error)
	Blob(hash consent.BlobHash) (Blob, bool, error)
	// Blobs lists at most limit stored blobs after a hash, in order.
	Blobs(after consent.BlobHash, limit int) ([]Blob, error)
	// Forms lists the hashes of stored consent forms.
	Forms() ([]consent.BlobHash, error)
	// Unremoved lists erased blobs whose objects may still have to be deleted.
	Unremoved() ([]consent.BlobHash, error)
	// OpenBlob unseals what SealBlob sealed for this blob.
	OpenBlob(b Blob, sealed []byte) ([]byte, error)

	// MailJobs lists all receipts that were to be mailed, in the order in which that was asked for.
	MailJobs() ([]MailJob, error)
	// MailDue lists at most limit jobs that wait, or were begun by somebody who counts as gone, with a Next that has come; what was asked
	// for first stands first.
	MailDue(now time.Time, limit int) ([]MailJob, error)
}

// Tx reads and writes the ledger.
type Tx interface {
	Reader
	SetSetting(name string, value []byte) error
	// PutInvitation adds an invitation, or writes who used it.
	PutInvitation(Invitation) error
	// PutDevice adds a device, or writes its certificate, its head and whether it is revoked.
	PutDevice(Device) error
	// AppendEvent adds the next event of the log with the hashes that it adds to the Merkle log, and to the change feed.
	AppendEvent(e LoggedEvent, firstHash int64, hashes []tlog.Hash) error
	// Declare remembers that a device's event names a blob. A personal one that is sealed already then opens for this subject too.
	Declare(Declaration) error
	// PutQuarantine keeps an event that does not fit; one that is kept already stays as it is, and fresh is false.
	PutQuarantine(QuarantinedEvent) (fresh bool, err error)
	// ReleaseQuarantine notes that an event has been accepted after all.
	ReleaseQuarantine(e evidence.SignedEvent, at time.Time) error
	// PutProfile seals and stores a profile in place of the one before, and adds it to the change feed.
	PutProfile(p consent.Profile, at time.Time) error
	// PutBlob names a blob that lies in the objects, on disk.
	PutBlob(Blob) error
	// SealBlob seals bytes so that the key of each of these subjects opens them, or the library's when there are none. Keys that
	// are not there yet are made.
	SealBlob(hash consent.BlobHash, subjects []consent.SubjectID, plain []byte) ([]byte, error)
	// EraseSubject forgets a subject's key and profile for ever and says which objects are to be deleted: the files that belonged
	// to nobody else.
	EraseSubject(id consent.SubjectID, at time.Time) ([]consent.BlobHash, error)
	// Removed notes that the object of an erased blob is gone.
	Removed(hash consent.BlobHash) error
	// AddMailJob adds a job; one that is there already stays as it is.
	AddMailJob(MailJob) error
	// MoveMailJob writes a job's state, attempts, next time and trouble; false, and nothing happens, when it is no longer as it was:
	// another server has taken it, or its person was erased.
	MoveMailJob(from, to MailJob) (bool, error)
	// HastenMail lets jobs be looked at now that wait for what has just come: a subject's profile, or a file. The other of the two is
	// "". Those that a mail server has put off keep their time.
	HastenMail(subject consent.SubjectID, file consent.BlobHash, now time.Time) error
}

// Objects keeps the bytes of files under their hash. What Put and Adopt acknowledge is on disk; what they do not is not there.
type Objects interface {
	Put(ctx context.Context, hash consent.BlobHash, r io.Reader) error
	// Adopt takes over a finished file, which is then gone from path.
	Adopt(ctx context.Context, hash consent.BlobHash, path string) error
	// Open reads an object; fs.ErrNotExist when it is not there.
	Open(ctx context.Context, hash consent.BlobHash) (io.ReadCloser, error)
	// Delete removes an object; one that is not there is removed already.
	Delete(ctx context.Context, hash consent.BlobHash) error
}

// Device is one enrolled installation, or the library itself.
type Device struct {
	Certificate evidence.Certificate
	Head        evidence.Head // of its accepted events
	Revoked     time.Time     // zero while it is trusted
}

// Invitation lets one device enrol. The ledger keeps the hash of its secret.
type Invitation struct {
	Hash    string // SHA-256 of the secret in hex
	Name    string // whom it is meant for, as the inviter wrote it
	Expires time.Time
	Used    time.Time // zero while it is unused
	UsedBy  consent.DeviceID
}

// LoggedEvent is an accepted event.
type LoggedEvent struct {
	ServerSeq  uint64 // place in the library's log, from 1
	ReceivedAt time.Time
	Signed     evidence.SignedEvent
	// The envelope's own identifiers, for finding it.
	ID     consent.EventID
	Device consent.DeviceID
	Seq    uint64
}

// QuarantinedEvent is an event that is signed but does not fit: a gap, a fork, an identifier used twice, a revoked device.
type QuarantinedEvent struct {
	Signed     evidence.SignedEvent
	ID         consent.EventID
	Device     consent.DeviceID
	Seq        uint64
	ReceivedAt time.Time
	Reason     string
}

// Change is one line of the change feed. Exactly one of Event and Profile is set.
type Change struct {
	Seq        uint64 // the cursor
	ReceivedAt time.Time
	Event      *evidence.SignedEvent
	Profile    *consent.Profile
}

// Class says what a blob is, and so how it is kept.
type Class string

// The classes. Evidence and details are kept sealed.
const (
	ClassAsset    Class = "asset"
	ClassForm     Class = "form"
	ClassEvidence Class = "evidence"
	ClassDetails  Class = "details"
)

// Sealed tells whether blobs of the class may hold personal data and are sealed at rest.
func (c Class) Sealed() bool { return c == ClassEvidence || c == ClassDetails }

// Declaration says that an event of a device names a blob.
type Declaration struct {
	Hash    consent.BlobHash
	Device  consent.DeviceID
	Class   Class
	Subject consent.SubjectID // whom a sealed blob belongs to, "" when to nobody
}

// Blob is a stored file.
type Blob struct {
	Hash     consent.BlobHash // of the bytes that were uploaded
	Size     int64            // of the same, in bytes
	StoredAt time.Time
	Class    Class
	// Personal: it is sealed for the people it belongs to; otherwise a sealed class is sealed for the library.
	Personal bool
}

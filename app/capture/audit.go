package capture

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// Audit is what checking the whole log, and what it names, found.
type Audit struct {
	Events   int
	Problems []string // in words, the first bad event of each device first; empty when nothing is wrong
	// Warnings are odd but no fault: a clock that went back, a profile that is behind its last change.
	Warnings []string
	Devices  []AuditedDevice // this one first, then the others by name
}

// AuditedDevice is one device's part of the log.
type AuditedDevice struct {
	Device consent.DeviceID
	Name   string
	Events int
	OK     bool // its chain is whole
}

func (a *Audit) problem(format string, args ...any) {
	a.Problems = append(a.Problems, fmt.Sprintf(format, args...))
}

func (a *Audit) warn(format string, args ...any) {
	a.Warnings = append(a.Warnings, fmt.Sprintf(format, args...))
}

// Audit verifies every signature and every chain in the vault, and that what the events name is here and is what it was: forms,
// evidence, profiles by their commitments, issued receipts' records, originals (whether they are there; VerifyOriginals reads them),
// the library's storage receipts and its list of devices. It works on one picture of the vault. Capturing goes on meanwhile: nothing is read or
// computed at length while memory is locked.
func (s *Session) Audit(ctx context.Context) (Audit, error) {
	audit := Audit{Problems: []string{}, Warnings: []string{}}
	err := s.Store.View(ctx, func(tx Tx) error {
		s.mu.RLock()
		signers := s.signers()
		s.mu.RUnlock()
		log, err := inspectLog(ctx, tx, signers)
		if err != nil {
			return err
		}
		var head evidence.Head
		if _, err := tx.Setting(settingHead, &head); err != nil {
			return err
		}
		s.auditMemory(&audit, log, head)
		if err := s.auditForms(&audit, tx); err != nil {
			return err
		}
		if err := s.auditEvidence(&audit, tx, log); err != nil {
			return err
		}
		s.auditProfiles(&audit, log)
		s.auditOriginals(&audit)
		return s.auditTransfers(&audit, tx)
	})
	return audit, err
}

// auditMemory checks what the log shows by itself, beside what this session keeps of it in memory.
func (s *Session) auditMemory(audit *Audit, log *auditedLog, head evidence.Head) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.auditChains(audit, log, head)
	audit.Problems = append(audit.Problems, s.oddities...)
	s.auditTrust(audit)
	s.auditReceipts(audit, log)
}

// signers are the devices whose signatures count here.
func (s *Session) signers() evidence.Signers {
	signers := evidence.Signers{}
	for _, key := range s.trusted() {
		signers[key.Device()] = key
	}
	return signers
}

// auditChains follows the chain of every device and compares this one's with the last event that it noted.
func (s *Session) auditChains(audit *Audit, log *auditedLog, head evidence.Head) {
	audit.Events = log.events
	for _, arrival := range log.unreadable {
		audit.problem("event %d of the log, counted as they arrived, cannot be read: it was changed", arrival)
	}
	if _, any := log.chains[s.device.ID]; !any && head.Seq > 0 {
		log.chains[s.device.ID] = nil
	}
	devices := slices.SortedFunc(maps.Keys(log.chains), func(a, b consent.DeviceID) int {
		if a == s.device.ID || b == s.device.ID {
			return map[bool]int{true: -1, false: 1}[a == s.device.ID]
		}
		return strings.Compare(s.deviceName(a)+string(a), s.deviceName(b)+string(b))
	})
	for _, device := range devices {
		links, name := log.chains[device], s.deviceName(device)
		found := AuditedDevice{Device: device, Name: name, Events: len(links), OK: true}
		before := len(audit.Problems)
		if len(links) > 0 && errors.Is(links[0].Wrong, evidence.ErrStranger) {
			audit.problem("device %s signed %d events and is not on the library's list: they were slipped in", device, len(links))
		} else {
			links = inOrder(audit, name, links)
			s.auditChain(audit, name, evidence.FollowChain(links), head, device == s.device.ID)
		}
		found.OK = len(audit.Problems) == before
		audit.Devices = append(audit.Devices, found)
	}
	for _, l := range log.lost {
		for _, r := range l.ranges {
			audit.warn("%s once lost what it had signed under the numbers %d to %d, and signed what came after anew", s.deviceName(l.device), r.From, r.To)
		}
	}
}

// inOrder puts the links of a device into the order of their numbers. They arrive in it, except where a backup was taken in or an
// event was signed anew; the order of arrival says nothing, so another one is only told. A chain with an event that is not sound
// stays as it is, since its number may be what was changed.
func inOrder(audit *Audit, name string, links []evidence.Link) []evidence.Link {
	bySeq := func(a, b evidence.Link) int { return cmp.Compare(a.Seq, b.Seq) }
	broken := func(l evidence.Link) bool { return l.Wrong != nil }
	if slices.IsSortedFunc(links, bySeq) || slices.ContainsFunc(links, broken) {
		return links
	}
	for i := 1; i < len(links); i++ {
		if l, before := links[i], links[i-1]; l.Seq < before.Seq {
			audit.warn("%s: event %d (%s %s) stands after event %d, as when a backup was taken in", name, l.Seq, l.Type, l.ID, before.Seq)
			break
		}
	}
	return slices.SortedStableFunc(slices.Values(links), bySeq)
}

// auditChain puts into words what following one chain found.
func (s *Session) auditChain(audit *Audit, name string, chain evidence.Chain, head evidence.Head, own bool) {
	for _, l := range chain.Backwards {
		audit.warn("%s: the clock had gone back by more than a day before event %d (%s %s)", name, l.Seq, l.Type, l.ID)
	}
	switch f := chain.Fault; {
	case f != nil && f.Forger != "":
		audit.problem("%s: event %d (%s %s) was signed by another device, %s", name, f.Seq, f.Type, f.ID, s.deviceName(f.Forger))
	case f != nil:
		audit.problem("%s: event %d (%s %s) %s", name, f.Seq, f.Type, f.ID, f.What)
	case own && chain.Head.Seq < head.Seq:
		audit.problem("%s: the log ends at event %d, but %d were signed here: the last are missing", name, chain.Head.Seq, head.Seq)
	case own && chain.Head != head:
		audit.problem("%s: the vault's note of its last event is behind: it says event %d, the log goes to %d", name, head.Seq, chain.Head.Seq)
	}
}

// auditTrust checks what the library signed about itself and this device.
func (s *Session) auditTrust(audit *Audit) {
	if s.enrolment == nil {
		return
	}
	if err := s.enrolment.Trust.Verify(s.enrolment.LibraryKey); err != nil {
		audit.problem("the library's list of devices does not verify: %v", err)
	}
	if c := s.enrolment.Certificate; c.Verify(s.enrolment.LibraryKey) != nil || c.Device != s.device.ID {
		audit.problem("the certificate of this device does not verify")
	}
}

// auditReceipts checks that every receipt that was issued is of a record in the log.
func (s *Session) auditReceipts(audit *Audit, log *auditedLog) {
	for _, r := range log.receipts {
		_, subject, _, _, known := s.state.Record(r.body.Record)
		if !known {
			_, subject, known = s.state.Withdrawal(consent.EventID(r.body.Record))
		}
		raw, err := hex.DecodeString(string(r.body.SHA256))
		switch {
		case !known:
			audit.problem("%s: %s was issued for the consent %s, which is not in the log", s.deviceName(r.device), r.id, r.body.Record)
		case subject != r.subject:
			audit.problem("%s: %s was issued to another person than the consent %s is of", s.deviceName(r.device), r.id, r.body.Record)
		case err != nil || len(raw) != 32:
			audit.problem("%s: %s does not say which file was issued", s.deviceName(r.device), r.id)
		}
	}
}

// auditForms checks that every form that a record names is here and is what its hash says.
func (s *Session) auditForms(audit *Audit, tx Blobs) error {
	missing := s.missingForms()
	for _, hash := range slices.Sorted(maps.Keys(missing)) {
		audit.problem("the form %s, which %d consents were signed on, is not here", hash, missing[hash])
	}
	return tx.EachBlobOfClass(ClassForm, func(b Blob) error {
		if hashOf(b.Data) != b.Hash {
			audit.problem("the form %s was changed", b.Hash)
		}
		return nil
	})
}

// missingForms counts the consents that were signed on forms that are not here.
func (s *Session) missingForms() map[consent.FormHash]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	missing := s.state.AskedBy()
	maps.DeleteFunc(missing, func(hash consent.FormHash, _ int) bool { return s.state.Form(hash) != nil })
	return missing
}

// auditEvidence looks for every blob that this device's consents and withdrawals name. That of others lies with them and in the
// library; that of people who were erased is gone, as it must be. What this vault never had, since it was signed before the vault was
// restored from a backup and came back with a sync, was never queued here either: the library has it.
func (s *Session) auditEvidence(audit *Audit, tx Tx, log *auditedLog) error {
	_, enrolled := s.Enrolment()
	for _, named := range log.evidence {
		if named.device != s.device.ID || s.wasErased(named.subject) {
			continue
		}
		b, found, err := tx.Blob(named.ref.SHA256)
		queued := false
		if err == nil && !found {
			_, queued, err = tx.Transfer(named.ref.SHA256)
		}
		switch {
		case isDamage(err):
			audit.problem("the %s evidence of %s %s does not open: it was changed or damaged", named.ref.Kind, named.kind, named.id)
		case err != nil:
			return err
		case !found && !queued && enrolled:
			audit.warn("the %s evidence of %s %s was never in this vault, which was restored from a backup; it is in the library", named.ref.Kind, named.kind, named.id)
		case !found:
			audit.problem("the %s evidence of %s %s is missing", named.ref.Kind, named.kind, named.id)
		case hashOf(b.Data) != named.ref.SHA256 || int64(len(b.Data)) != named.ref.Size:
			audit.problem("the %s evidence of %s %s was changed", named.ref.Kind, named.kind, named.id)
		}
	}
	return nil
}

// wasErased is isErased for a caller who holds no lock.
func (s *Session) wasErased(id consent.SubjectID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.isErased(id)
}

// auditProfiles compares every profile with the commitment of its newest event.
func (s *Session) auditProfiles(audit *Audit, log *auditedLog) {
	for _, p := range s.peopleKnown() {
		if p.PIICommit == "" || p.Erased {
			continue
		}
		commit, err := evidence.CommitProfile(p.Profile)
		switch {
		case err == nil && commit == p.PIICommit:
		case err == nil && log.commits[commit]:
			audit.warn("the profile of %s is not the newest that the log tells of: sync to fetch it", p.Code)
		case err == nil && p.Profile.Revision > log.changes[p.ID]:
			audit.warn("the profile of %s is newer than the log: sync to fetch the events", p.Code)
		default:
			audit.problem("the profile of %s is not what its events commit to: it was changed", p.Code)
		}
	}
}

// peopleKnown are those whose profiles are here, each registration by itself.
func (s *Session) peopleKnown() []Person {
	s.mu.RLock()
	defer s.mu.RUnlock()
	people := make([]Person, 0, len(s.profiles))
	for _, id := range slices.Sorted(maps.Keys(s.profiles)) {
		people = append(people, s.person(id))
	}
	return people
}

func (s *Session) auditOriginals(audit *Audit) {
	for _, id := range s.takenIn() {
		if !s.Originals.Has(id) {
			audit.problem("the original of image %s is missing", id)
		}
	}
}

// takenIn lists the assets and companions whose bytes were taken into the vault when they were imported, and not only referred to.
func (s *Session) takenIn() []consent.AssetID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := make([]consent.AssetID, 0, len(s.files))
	for _, file := range s.files {
		for _, part := range file.Parts() {
			if part.Path == "" {
				ids = append(ids, consent.AssetID(part.SHA256))
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// auditTransfers checks that what counts as received has a receipt that the library signed for exactly these bytes.
func (s *Session) auditTransfers(audit *Audit, tx Transfers) error {
	enrolment, enrolled := s.Enrolment()
	return tx.EachTransfer(func(t Transfer) error {
		switch {
		case t.State != TransferReceived:
		case t.Receipt == nil || !enrolled:
			audit.problem("%s %s counts as received by the library, without its receipt", t.Class, t.Hash)
		case t.Receipt.Verify(enrolment.LibraryKey, t.Hash, t.Size) != nil:
			audit.problem("the library's receipt for %s %s does not verify", t.Class, t.Hash)
		}
		return nil
	})
}

// VerifyOriginals reads every original that is here to its end and compares it with its name. It returns how many it read and what
// is wrong, in words. tell, which may be nil, hears of every one.
func (s *Session) VerifyOriginals(ctx context.Context, tell func(done, total int)) (read int, wrong []string, err error) {
	ids := slices.DeleteFunc(s.takenIn(), func(id consent.AssetID) bool { return !s.Originals.Has(id) })
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return read, wrong, err
		}
		if tell != nil {
			tell(i, len(ids))
		}
		if what := s.verifyOriginal(id); what != "" {
			wrong = append(wrong, fmt.Sprintf("the original of image %s %s", id, what))
		}
		read++
	}
	return read, wrong, nil
}

func (s *Session) verifyOriginal(id consent.AssetID) string {
	original, err := s.Originals.Open(id)
	if err != nil {
		return "cannot be opened: " + err.Error()
	}
	defer original.Close()
	hash, err := hashAll(io.NewSectionReader(original, 0, original.Size()))
	switch {
	case err != nil:
		return "cannot be read: it was changed"
	case hash != id:
		return "holds other bytes than were imported"
	}
	return ""
}

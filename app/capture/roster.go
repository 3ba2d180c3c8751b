package capture

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/roster"
)

// RosterImport brings a list of people to a shoot.
type RosterImport struct {
	Shoot consent.ShootID
	Data  []byte // the file, in any dialect that package roster reads
	// Check: only say what would be done.
	Check bool
	// Progress is told how many rows are done; nil when nobody wants to know.
	Progress func(done, all int)
}

// RosterReport is what became of a list.
type RosterReport struct {
	Added, Updated, Same, Refused int
	Rows                          []RosterRow
	// Columns are those that were read.
	Columns []roster.Column
	// Unread are the headings of columns that were passed over.
	Unread []string
}

// RosterRow is what became of one row.
type RosterRow struct {
	Line   int
	Result RosterResult
	Person Person // zero when refused, or only checked and new
	// Like are registrations that this one, which is or would be added, may be one person with: of this shoot or another, or of another
	// row. Somebody has to look; see Doubles.
	Like []RosterLike
	// Trouble is why it was refused, and Column the heading of the column in which that stands, "" when it is about the whole row.
	Trouble error
	Column  string
}

// RosterLike is somebody whom a row may be about.
type RosterLike struct {
	Person Person // zero for another row of the list
	Line   int    // of that row, 0 for somebody who was here
	Why    []Likeness
}

// RosterResult is what became of a row.
type RosterResult string

// The results.
const (
	RosterAdded   RosterResult = "added"
	RosterUpdated RosterResult = "updated" // was at the shoot already, and now has what they lacked
	RosterSame    RosterResult = "same"    // was at the shoot already
	RosterRefused RosterResult = "refused"
)

// rosterBatch is how many rows are saved in one transaction: a crash or a stop loses at most so many, and importing the list again
// takes up the rest.
const rosterBatch = 250

// ReadRosterFile reads a file that may hold a list of people: no more than a list can be, and a byte that shows that it is more.
func ReadRosterFile(path string) ([]byte, error) { return readAtMost(path, roster.MaxBytes) }

// ImportRoster registers the people of a list at a shoot. Rows that cannot be taken are refused by line and column, all others go
// in. Whoever is at the shoot already, by name and by what else both know, is not registered twice.
func (s *Session) ImportRoster(ctx context.Context, r RosterImport) (RosterReport, error) {
	if err := s.KnownShoot(r.Shoot); err != nil {
		return RosterReport{}, err
	}
	list, err := roster.Read(r.Data)
	if err != nil {
		return RosterReport{}, err
	}
	report := RosterReport{Rows: make([]RosterRow, 0, len(list.Rows)), Columns: list.Columns, Unread: list.Unread}
	fresh := map[consent.SubjectID]newcomer{}
	present := s.presentAt(r.Shoot)
	for done := 0; done < len(list.Rows); {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		batch := list.Rows[done:min(done+rosterBatch, len(list.Rows))]
		rows, err := s.takeRows(ctx, r, batch, present, fresh, done)
		if err != nil {
			return report, err
		}
		for _, row := range rows {
			report.count(row)
		}
		done += len(batch)
		if r.Progress != nil {
			r.Progress(done, len(list.Rows))
		}
	}
	s.compareNewcomers(report.Rows, fresh)
	return report, nil
}

// Doubtful counts the rows that may be about somebody who is here already.
func (r *RosterReport) Doubtful() int {
	count := 0
	for _, row := range r.Rows {
		if len(row.Like) > 0 {
			count++
		}
	}
	return count
}

// newcomer is somebody whom a list brings.
type newcomer struct {
	row    int // in the report
	traits traits
	avoid  bool
}

// compareNewcomers tells of every row that brings somebody whom else it may be about, by the rules of Doubles.
func (s *Session) compareNewcomers(rows []RosterRow, fresh map[consent.SubjectID]newcomer) {
	if len(fresh) == 0 {
		return
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	everybody := make([]traits, 0, len(s.profiles)+len(fresh))
	for id, p := range s.profiles {
		if _, new := fresh[id]; !new && s.state.Canonical(id) == id {
			everybody = append(everybody, traitsOf(p))
		}
	}
	for _, n := range fresh {
		everybody = append(everybody, n.traits)
	}
	avoided := func(id consent.SubjectID) bool {
		if n, new := fresh[id]; new {
			return n.avoid
		}
		sub, _ := s.state.Subject(id)
		return sub.Avoid
	}
	judged := map[pair]bool{}
	eachBlock(everybody, func(a, b *traits) {
		both := pairOf(a.id, b.id)
		if judged[both] || s.different[both] {
			return
		}
		why := alike(a, b, avoided)
		if why == nil {
			return
		}
		judged[both] = true
		for _, way := range [][2]consent.SubjectID{{a.id, b.id}, {b.id, a.id}} {
			n, new := fresh[way[0]]
			if !new {
				continue
			}
			like := RosterLike{Why: why}
			if other, alsoNew := fresh[way[1]]; alsoNew {
				like.Line = rows[other.row].Line
			} else {
				like.Person = s.person(way[1])
			}
			rows[n.row].Like = append(rows[n.row].Like, like)
		}
	})
	for _, n := range fresh {
		slices.SortFunc(rows[n.row].Like, func(a, b RosterLike) int {
			return cmp.Or(len(b.Why)-len(a.Why), a.Line-b.Line, strings.Compare(string(a.Person.Code), string(b.Person.Code)))
		})
	}
}

func (r *RosterReport) count(row RosterRow) {
	r.Rows = append(r.Rows, row)
	switch row.Result {
	case RosterAdded:
		r.Added++
	case RosterUpdated:
		r.Updated++
	case RosterSame:
		r.Same++
	case RosterRefused:
		r.Refused++
	}
}

// registered is what a person was registered as, once or, who was merged, more than once.
type registered struct {
	as     consent.Profile
	stands *consent.Profile // of the person, shared by all that were merged into it
}

// presentAt are the registrations of a shoot's people by their names in plain spelling. What has been found by one row is taken out,
// so that two of one name on a list stay two; a person who was merged is found by a row for each, so that a list that holds both
// does not register the one who was one too many anew.
func (s *Session) presentAt(shoot consent.ShootID) map[string][]registered {
	present := map[string][]registered{}
	for _, p := range s.People(shoot) {
		if !p.Known {
			continue
		}
		stands := p.Profile
		for _, as := range s.registrations(p) {
			name := consent.Plain(as.Name)
			present[name] = append(present[name], registered{as, &stands})
		}
	}
	return present
}

// registrations are the profiles of all registrations that are one person, the person's own first.
func (s *Session) registrations(p Person) []consent.Profile {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []consent.Profile{p.Profile}
	for _, id := range s.state.Registrations(p.ID) {
		if as, known := s.profiles[id]; known && id != p.ID && !s.isErased(id) {
			list = append(list, as)
		}
	}
	return list
}

// takeRows saves some rows in one transaction, and notes whom they bring. before is how many rows were taken already.
func (s *Session) takeRows(ctx context.Context, r RosterImport, batch []roster.Row, present map[string][]registered,
	fresh map[consent.SubjectID]newcomer, before int) ([]RosterRow, error) {
	rows := make([]RosterRow, len(batch))
	var changes []func(*change) error
	for i, row := range batch {
		rows[i] = RosterRow{Line: row.Line, Result: RosterRefused, Trouble: row.Trouble, Column: row.Column}
		if row.Trouble != nil {
			continue
		}
		registration := Registration{Shoot: r.Shoot, Name: row.Name, Phone: row.Phone, Email: row.Email, Born: row.Born, Group: row.Group,
			Notes: row.Notes, Guardians: row.Guardians, Avoid: row.Avoid}
		profile, err := s.newProfile(registration)
		if err != nil {
			rows[i].Trouble = err
			continue
		}
		stands := takeKnown(present, profile)
		if stands == nil {
			rows[i].Result, rows[i].Person.ID = RosterAdded, profile.Subject
			changes = append(changes, func(c *change) error { return c.register(profile, registration) })
			fresh[profile.Subject] = newcomer{before + i, traitsOf(profile), row.Avoid}
			continue
		}
		known := *stands
		rows[i].Result, rows[i].Person.ID = RosterSame, known.Subject
		lacked, avoid := supplement(&known, profile), row.Avoid && !s.avoided(known.Subject)
		if !lacked && !avoid {
			continue
		}
		if err := known.Normalise(); err != nil { // the two together may be too much, where each was not
			rows[i].Result, rows[i].Trouble = RosterRefused, err
			continue
		}
		rows[i].Result = RosterUpdated
		changes = append(changes, func(c *change) error { return c.update(known, profile, r.Shoot, lacked, avoid) })
		if *stands = known; lacked {
			stands.Revision++ // as the update leaves it, for another row of the same person
		}
	}
	if !r.Check && len(changes) > 0 {
		err := s.change(ctx, func(c *change) error {
			for _, apply := range changes {
				if err := apply(c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i, row := range rows {
		if _, known := s.state.Subject(row.Person.ID); known {
			rows[i].Person = s.person(row.Person.ID)
		} else {
			rows[i].Person = Person{}
		}
	}
	return rows, nil
}

// update gives a person what they lacked. Whoever was erased since the list was compared stays erased, and what a sync or somebody at
// the window has changed since then stays too.
func (c *change) update(p, fresh consent.Profile, shoot consent.ShootID, lacked, avoid bool) error {
	now, err := c.session.knownProfile(p.Subject)
	if err != nil {
		return err
	}
	if now.Revision > p.Revision {
		lacked = supplement(&now, fresh)
		p = now
	}
	if lacked {
		if err := c.amend(p); err != nil {
			return err
		}
	}
	if !avoid {
		return nil
	}
	_, err = c.sign(evidence.Draft{Type: consent.SubjectAvoid, Subject: p.Subject, Shoot: shoot, Body: consent.AvoidBody{Avoid: true}})
	return err
}

func (s *Session) avoided(id consent.SubjectID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	sub, _ := s.state.Subject(id)
	return sub.Avoid
}

// takeKnown finds who of the people present a row is about: the one with whom it has something in common beside the name, else one
// whom it does not contradict; nil when there is nobody.
func takeKnown(present map[string][]registered, fresh consent.Profile) *consent.Profile {
	name := consent.Plain(fresh.Name)
	of := present[name]
	row := traitsOf(fresh)
	found := -1
	for i, p := range of {
		one := traitsOf(p.as)
		if contradicts(p.as.Born, fresh.Born) {
			continue
		}
		why := row.like(&one)
		if slices.ContainsFunc(why, func(w Likeness) bool { return w != LikeName && w != LikeYear }) {
			found = i
			break
		}
		if found < 0 && !differs(one.phone, row.phone) && !differs(one.email, row.email) && !differs(one.group, row.group) {
			found = i
		}
	}
	if found < 0 {
		return nil
	}
	stands := of[found].stands
	present[name] = slices.Delete(slices.Clone(of), found, found+1)
	return stands
}

// contradicts tells whether two dates or years of birth cannot be one person's.
func contradicts(a, b string) bool {
	if len(a) == len(b) {
		return differs(a, b)
	}
	return differs(year(a), year(b))
}

// supplement gives a profile what it lacks and a list knows; what the person or a photographer has typed stays. Only the group is the
// list's to say: people change classes. It tells whether there was anything.
func supplement(p *consent.Profile, fresh consent.Profile) bool {
	lacked := false
	set := func(field *string, value string) {
		if value != "" && *field != value {
			*field, lacked = value, true
		}
	}
	for _, name := range []string{"phone", "email", "born"} {
		if field := fieldOf(p, name); *field == "" || name == "born" && len(*field) == 4 && len(fresh.Born) > 4 {
			set(field, *fieldOf(&fresh, name))
		}
	}
	set(&p.Group, fresh.Group)
	if !strings.Contains(p.Notes, fresh.Notes) {
		set(&p.Notes, strings.TrimSpace(p.Notes+"\n"+fresh.Notes))
	}
	p.Guardians = slices.Clone(p.Guardians)
	for _, g := range fresh.Guardians {
		at := slices.IndexFunc(p.Guardians, func(known consent.Guardian) bool { return sameName(known, g) })
		if at < 0 {
			p.Guardians, lacked = append(p.Guardians, g), true
			continue
		}
		known := &p.Guardians[at]
		set(&known.Phone, cmp.Or(known.Phone, g.Phone))
		set(&known.Email, cmp.Or(known.Email, g.Email))
	}
	return lacked
}

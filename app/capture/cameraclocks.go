package capture

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Camera is one camera, as its files tell: maker and model, and the body's serial number where they write one.
type Camera struct {
	Name   string `json:"camera"`
	Serial string `json:"serial,omitempty"`
}

// String is how people tell cameras apart.
func (c Camera) String() string {
	if c.Serial == "" {
		return c.Name
	}
	return strings.TrimSpace(c.Name + " (" + c.Serial + ")")
}

// goesBy tells whether a person who writes this means the camera: its serial number, its name or a part of it in whole words.
func (c Camera) goesBy(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" {
		return false
	}
	return strings.EqualFold(text, c.Serial) || strings.EqualFold(text, c.String()) ||
		strings.Contains(strings.ToLower(" "+c.Name+" "), strings.ToLower(" "+text+" "))
}

// CameraClock says by how much a camera's clock is wrong.
type CameraClock struct {
	Camera string        // serial number, name or a part of the name
	Offset time.Duration // what has to be added to its times
}

// keptClock is a camera's correction as it is kept.
type keptClock struct {
	Camera
	Offset time.Duration `json:"offset"`
}

// settingClocks lists the cameras whose clocks are wrong, until somebody says that they are right again.
const settingClocks = "camera_clocks"

// maxOffset is the largest correction: a camera without a battery begins anew at the year it was designed.
const maxOffset = 40 * 365 * 24 * time.Hour

// CameraSeen is a camera of a shoot.
type CameraSeen struct {
	Camera
	Files       int
	First, Last time.Time     // of its files, corrected; zero when none says
	Offset      time.Duration // what holds for its next files
}

// Cameras lists the cameras of a shoot by what was imported here, by name. Files that name no camera are left out.
func (s *Session) Cameras(ctx context.Context, shoot consent.ShootID) ([]CameraSeen, error) {
	if err := s.KnownShoot(shoot); err != nil {
		return nil, err
	}
	var kept []keptClock
	if err := s.Store.View(ctx, func(tx Tx) error { _, err := tx.Setting(settingClocks, &kept); return err }); err != nil {
		return nil, err
	}
	seen := map[Camera]*CameraSeen{}
	for _, file := range s.filesOf(shoot) {
		camera := file.camera()
		if camera == (Camera{}) {
			continue
		}
		c := seen[camera]
		if c == nil {
			c = &CameraSeen{Camera: camera, Offset: offsetOf(kept, camera)}
			seen[camera] = c
		}
		c.Files++
		if at := file.TakenAt; !at.IsZero() {
			if c.First.IsZero() || at.Before(c.First) {
				c.First = at
			}
			if at.After(c.Last) {
				c.Last = at
			}
		}
	}
	list := make([]CameraSeen, 0, len(seen))
	for _, c := range seen {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b CameraSeen) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Serial, b.Serial)) })
	return list, nil
}

// Corrected is what correcting a camera's clock changed.
type Corrected struct {
	CameraSeen
	Times int // files whose times changed
	// Followed are files that follow other cards by the new times, or about which there is another question now. Undo takes that back;
	// the times stay.
	Followed int
}

// SetClockOffset corrects the times of what a camera took at a shoot and was imported here, and keeps the correction for what is
// imported from it later. 0 says that its clock is right. What cards told by the old times they tell by the new ones, except of files
// of which somebody has said something else.
func (s *Session) SetClockOffset(ctx context.Context, shoot consent.ShootID, clock CameraClock) (Corrected, error) {
	seen, err := s.Cameras(ctx, shoot)
	if err != nil {
		return Corrected{}, err
	}
	cameras := make([]Camera, len(seen))
	for n, c := range seen {
		cameras[n] = c.Camera
	}
	kept, err := resolveClock(clock, cameras)
	if err != nil {
		return Corrected{}, err
	}
	var done Corrected
	err = s.change(ctx, func(c *change) error {
		done = Corrected{}
		if err := c.keepClocks([]keptClock{kept}); err != nil {
			return err
		}
		before := s.filesIn(shoot)
		after := slices.Clone(before)
		for n, file := range after {
			if file.camera() != kept.Camera || file.ClockOffset == kept.Offset {
				continue
			}
			if !file.TakenAt.IsZero() {
				file.TakenAt = file.TakenAt.Add(kept.Offset - file.ClockOffset)
				done.Times++
			}
			file.ClockOffset = kept.Offset
			if err := c.PutAssetFile(file); err != nil {
				return err
			}
			after[n] = file
			c.then(func() { s.keepFile(file) })
		}
		told, err := c.followAnew(following{before: before, after: after})
		if err != nil {
			return err
		}
		done.Followed = len(told.files)
		return c.undoable(&keptAct{Act: Act{Kind: ActClock}})
	})
	if err != nil {
		return Corrected{}, err
	}
	seen, err = s.Cameras(ctx, shoot)
	if at := slices.IndexFunc(seen, func(c CameraSeen) bool { return c.Camera == kept.Camera }); at >= 0 {
		done.CameraSeen = seen[at]
	}
	return done, err
}

// camera is the camera that made a file.
func (f AssetFile) camera() Camera { return Camera{Name: f.Camera, Serial: f.Serial} }

// filesOf lists what was imported here into a shoot and is still in use.
func (s *Session) filesOf(shoot consent.ShootID) []AssetFile {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.filesIn(shoot)
}

// filesIn is filesOf for those who hold a lock or are inside a change.
func (s *Session) filesIn(shoot consent.ShootID) []AssetFile {
	var files []AssetFile
	for _, id := range s.state.AssetsWhere(func(_ consent.AssetID, of consent.ShootID) bool { return of == shoot }) {
		if file, here := s.files[id]; here {
			files = append(files, file)
		}
	}
	return files
}

// clocksFor are the corrections that hold for an import: those that are kept, and before them those that were asked for, which are
// kept from now on.
func (s *Session) clocksFor(ctx context.Context, asked []CameraClock, files []*candidate) ([]keptClock, error) {
	var cameras []Camera
	for _, f := range files {
		if f.camera != nil && !slices.Contains(cameras, *f.camera) {
			cameras = append(cameras, *f.camera)
		}
	}
	fresh := make([]keptClock, len(asked))
	for n, clock := range asked {
		var err error
		if fresh[n], err = resolveClock(clock, cameras); err != nil {
			return nil, err
		}
	}
	var kept []keptClock
	if len(fresh) == 0 {
		err := s.Store.View(ctx, func(tx Tx) error { _, err := tx.Setting(settingClocks, &kept); return err })
		return kept, err
	}
	err := s.change(ctx, func(c *change) error {
		if err := c.keepClocks(fresh); err != nil {
			return err
		}
		_, err := c.Setting(settingClocks, &kept)
		return err
	})
	return kept, err
}

// keepClocks keeps corrections in the place of those that were kept for the same cameras.
func (c *change) keepClocks(clocks []keptClock) error {
	var kept []keptClock
	if _, err := c.Setting(settingClocks, &kept); err != nil {
		return err
	}
	for _, clock := range clocks {
		kept = slices.DeleteFunc(kept, func(k keptClock) bool { return k.Camera == clock.Camera })
		if clock.Offset != 0 {
			kept = append(kept, clock)
		}
	}
	if len(kept) == 0 {
		return c.DeleteSetting(settingClocks)
	}
	return c.PutSetting(settingClocks, kept)
}

func offsetOf(kept []keptClock, camera Camera) time.Duration {
	for _, k := range kept {
		if k.Camera == camera {
			return k.Offset
		}
	}
	return 0
}

// setClocks sets when each file was made and returns the corrections that this took. Where a file tells no zone, it is this device's.
func setClocks(files []*candidate, clocks []keptClock, zone *time.Location) []CameraClock {
	var used []CameraClock
	for _, f := range files {
		if f.camera != nil {
			f.offset = offsetOf(clocks, *f.camera)
		}
		if f.offset != 0 && !slices.ContainsFunc(used, func(u CameraClock) bool { return u.Camera == f.camera.String() }) {
			used = append(used, CameraClock{Camera: f.camera.String(), Offset: f.offset})
		}
		if f.face.IsZero() {
			continue
		}
		f.takenAt = f.face
		if f.faceOnly {
			y, m, d := f.face.Date()
			f.takenAt = time.Date(y, m, d, f.face.Hour(), f.face.Minute(), f.face.Second(), f.face.Nanosecond(), zone)
		}
		f.takenAt = f.takenAt.Add(f.offset)
	}
	return used
}

// resolveClock finds the camera that somebody means.
func resolveClock(clock CameraClock, cameras []Camera) (keptClock, error) {
	if clock.Offset.Abs() > maxOffset {
		return keptClock{}, problem.New(problem.Invalid, "clock-offset-absurd",
			"No clock is wrong by {{.offset}}; nothing was changed; write the offset like +1h2m3s or -30s.", "offset", clock.Offset)
	}
	names := make([]string, len(cameras))
	var meant []Camera
	for n, c := range cameras {
		if names[n] = c.String(); c.goesBy(clock.Camera) {
			meant = append(meant, c)
		}
	}
	slices.Sort(names)
	switch list := strings.Join(names, ", "); {
	case len(cameras) == 0:
		return keptClock{}, problem.New(problem.NotFound, "clock-camera-none",
			"None of these files names a camera; nothing was changed; leave {{.camera}} and its offset out.", "camera", clock.Camera)
	case len(meant) == 0:
		return keptClock{}, problem.New(problem.NotFound, "clock-camera-unknown",
			"No camera goes by {{.camera}}; nothing was changed; there are: {{.cameras}}.", "camera", clock.Camera, "cameras", list)
	case len(meant) > 1:
		return keptClock{}, problem.New(problem.Invalid, "clock-camera-ambiguous",
			"Several cameras go by {{.camera}}; nothing was changed; name the one you mean by its serial number: {{.cameras}}.", "camera", clock.Camera, "cameras", list)
	}
	return keptClock{Camera: meant[0], Offset: clock.Offset}, nil
}

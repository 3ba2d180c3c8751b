package consent

import (
	"cmp"
	"slices"
	"time"
)

// moment is when something was said: by the clock of the device that signed it, and by the library's once that is known.
type moment struct {
	id           EventID
	at, received time.Time
}

func momentOf(e Received) moment { return moment{id: e.ID, at: e.At, received: e.ReceivedAt} }

// suspect tells whether the device's clock ran ahead of the library's receipt by more than the tolerance.
func (m moment) suspect() bool {
	return !m.received.IsZero() && m.at.After(m.received.Add(ClockTolerance))
}

// ahead tells whether it was said later than now, by more than the tolerance, as far as only the device's clock is known. It may have
// come from a device whose clock runs ahead, on a stick and not by way of the library.
func (m moment) ahead(now time.Time) bool { return m.received.IsZero() && now.Before(m.nearest()) }

// nearest is the earliest now for which it is not ahead.
func (m moment) nearest() time.Time { return m.at.Add(-ClockTolerance) }

// effective is when it counts from: the device's time, or the library's when the device's cannot be true.
func (m moment) effective() time.Time {
	if m.suspect() {
		return m.received
	}
	return m.at
}

// learn takes up the library's receipt time; it tells whether anything depends on it.
func (m *moment) learn(received time.Time) bool {
	before := *m
	m.received = received
	return before.received.IsZero() || m.suspect() != before.suspect() || !m.effective().Equal(before.effective())
}

// register is a value that can be written anew; what counts is the write of the latest effective time, of equal times the stricter
// one, of equally strict ones the greater id (design §5). It keeps every write, since a receipt time that arrives later may show
// that a clock could not be trusted.
type register[T any] struct {
	writes []written[T]
}

type written[T any] struct {
	moment
	value  T
	strict int
}

// How strict a write is. A lenient one opens something: like a yes it waits while its clock is suspect.
const (
	lenient = iota - 1
	neutral
	strict
)

func (r *register[T]) write(e Received, value T, how int) {
	r.writes = append(r.writes, written[T]{momentOf(e), value, how})
}

// compare orders writes by which of them counts: the greater one does.
func (w *written[T]) compare(other *written[T]) int {
	return cmp.Or(w.effective().Compare(other.effective()), cmp.Compare(w.strict, other.strict), cmp.Compare(w.id, other.id))
}

// ranked are all values that were ever written, the one that counts first. It is for registers without lenient writes.
func (r *register[T]) ranked() []T {
	writes := slices.Clone(r.writes)
	slices.SortFunc(writes, func(a, b written[T]) int { return b.compare(&a) })
	values := make([]T, len(writes))
	for i, w := range writes {
		values[i] = w.value
	}
	return values
}

// top is the write that counts, nil when there is none.
func (r *register[T]) top() *written[T] {
	var top *written[T]
	for i := range r.writes {
		w := &r.writes[i]
		if w.strict == lenient && w.suspect() {
			continue
		}
		if top == nil || w.compare(top) > 0 {
			top = w
		}
	}
	return top
}

// value is what counts, the zero value when nothing was written.
func (r *register[T]) value() T {
	if top := r.top(); top != nil {
		return top.value
	}
	var nothing T
	return nothing
}

// after is the time for a write that is made now: just after the one that counts, when the clock of that ran ahead.
func (r *register[T]) after(now time.Time) time.Time {
	if top := r.top(); top != nil && !top.suspect() && !now.After(top.at) {
		return top.at.Add(time.Millisecond).In(now.Location())
	}
	return now
}

// learn takes up the receipt time of a write, if it is one of this register's; it tells whether anything depends on it.
func (r *register[T]) learn(e Received) bool {
	changed := false
	for i := range r.writes {
		if r.writes[i].id == e.ID && r.writes[i].learn(e.ReceivedAt) {
			changed = true
		}
	}
	return changed
}

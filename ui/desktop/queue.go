package desktop

import (
	"cmp"
	"path"
	"slices"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// queueFilter is which part of the queue shows.
type queueFilter int

const (
	queueAll queueFilter = iota
	queueWaiting
	queueSending
	queueFailed
	queueArrived
	queueFilters
)

// Rows of the queue that are no blob or original stand for many things; their place is negative.
const (
	rowEvents   = -1 // own events that wait
	rowProfiles = -2 // people's details that wait
	rowHeld     = -3 // events that the library put aside
)

// queue is what goes to the library, by filter. It may hold a hundred thousand items, so a row is a place in items, and its words are
// put together when it is drawn.
type queue struct {
	status   capture.Status
	profiles int
	items    []capture.QueueItem
	rows     [queueFilters][]int32
	bytes    [queueFilters]int64 // that are still to be sent; of queueArrived: that the library has
}

// newQueue sorts what failed first, then what goes, then what waits in the order in which it is sent, and last what has arrived, the
// newest first.
func newQueue(status capture.Status, profiles int, items []capture.QueueItem) *queue {
	q := &queue{status: status, profiles: profiles, items: items}
	for i := range items {
		f, bytes := stateOf(&items[i]), items[i].Size-items[i].Offset
		if f == queueArrived {
			bytes = items[i].Size
		} else {
			q.bytes[queueAll] += bytes
		}
		q.bytes[f] += bytes
		q.rows[f] = append(q.rows[f], int32(i))
	}
	slices.SortFunc(q.rows[queueArrived], func(a, b int32) int {
		return cmp.Or(items[b].StoredAt.Compare(items[a].StoredAt), cmp.Compare(a, b))
	})
	var first []int32
	if status.PendingEvents > 0 {
		first = append(first, rowEvents)
	}
	if profiles > 0 {
		first = append(first, rowProfiles)
	}
	q.rows[queueWaiting] = append(first, q.rows[queueWaiting]...)
	if status.HeldEvents > 0 {
		q.rows[queueFailed] = append([]int32{rowHeld}, q.rows[queueFailed]...)
	}
	q.rows[queueAll] = slices.Concat(q.rows[queueFailed], q.rows[queueSending], q.rows[queueWaiting], q.rows[queueArrived])
	return q
}

func stateOf(i *capture.QueueItem) queueFilter {
	switch {
	case i.State == capture.TransferReceived:
		return queueArrived
	case i.Failed():
		return queueFailed
	case i.State == capture.TransferSending:
		return queueSending
	}
	return queueWaiting
}

// find is where a blob stands among the rows of a filter, -1 when it does not.
func (q *queue) find(filter queueFilter, hash consent.BlobHash) int {
	return slices.IndexFunc(q.rows[filter], func(row int32) bool { return row >= 0 && q.items[row].Hash == hash })
}

// title is what a row is about.
func (q *queue) title(w *words, row int32) string {
	switch row {
	case rowEvents:
		return w.n("transfer.events", q.status.PendingEvents)
	case rowProfiles:
		return w.n("transfer.profiles", q.profiles)
	case rowHeld:
		return w.n("transfer.events", q.status.HeldEvents)
	}
	item := &q.items[row]
	if item.Name != "" {
		return path.Base(item.Name)
	}
	return w.t("transfer." + string(item.Class))
}

// state is how a row stands. at is where the exchange is, the zero value when there is none.
func (q *queue) state(w *words, row int32, at capture.SyncProgress) (part.Mark, string) {
	switch {
	case row == rowHeld:
		return part.MarkWarning, w.t("transfer.held")
	case row == rowEvents && at.Step == capture.StepEvents, row == rowProfiles && at.Step == capture.StepProfiles:
		return part.MarkSending, w.t("transfer.sending", "done", at.Done, "all", at.Total)
	case row < 0:
		return part.MarkWaiting, w.t("transfer.waiting")
	}
	item := &q.items[row]
	if at.Item == item.Hash && item.State != capture.TransferReceived {
		return part.MarkSending, w.t("transfer.sending", "done", w.size(at.ItemDone), "all", w.size(item.Size))
	}
	switch stateOf(item) {
	case queueArrived:
		return part.MarkReceived, w.t("transfer.arrived")
	case queueFailed:
		return part.MarkWarning, w.t("transfer.failed")
	case queueSending:
		return part.MarkSending, w.t("transfer.begun", "done", w.size(item.Offset))
	}
	return part.MarkWaiting, w.t("transfer.waiting")
}

// more is what else there is to say about a row in a few words.
func (q *queue) more(w *words, row int32) string {
	switch {
	case row == rowHeld:
		return w.t("transfer.held.why")
	case row < 0:
		return ""
	}
	item := &q.items[row]
	if item.Failed() {
		return troubleOf(w, item)
	}
	if !item.StoredAt.IsZero() {
		return w.moment(item.StoredAt)
	}
	return ""
}

// troubleOf says why something could not be sent, in the reader's language where what went wrong is known by name.
func troubleOf(w *words, item *capture.QueueItem) string {
	if said, ok := problem.Translate(w.Texts, item.Problem, item.Values, assets.WindowArea); ok {
		return said
	}
	return item.Trouble
}

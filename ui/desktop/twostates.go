package desktop

import (
	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/ui/desktop/part"
)

// twoStates puts the promise of the program into words: what is safe here, and what the library has.
func twoStates(w *words, status capture.Status, syncing *syncing) part.TwoStates {
	states := part.TwoStates{
		Saved: w.t("states.saved", "consents", w.n("count.consents", status.Consents), "images", w.n("count.images", status.SavedAssets)),
		Received: w.t("states.received", "consents", w.n("count.consents", status.ReceivedConsents),
			"images", w.n("count.images", status.ReceivedAssets)),
	}
	switch {
	case !status.Enrolled:
		states.Connection = w.t("states.alone")
	case syncing.running:
		states.Connection, states.Online = w.t("states.syncing"), true
	case syncing.paused:
		states.Connection = w.t("states.paused")
	case problem.KindOf(syncing.err) == problem.Unavailable && syncing.err != nil:
		states.Connection = w.t("states.offline")
	case syncing.err != nil:
		states.Connection = w.t("states.failed")
	case status.LastSync.IsZero():
		states.Connection = w.t("states.never")
	default:
		states.Connection, states.Online = w.t("states.last", "when", w.moment(status.LastSync)), true
	}
	switch {
	case status.HeldEvents > 0:
		states.Trouble = w.n("states.held", status.HeldEvents)
	case status.FailedBlobs > 0:
		states.Trouble = w.n("states.failed.files", status.FailedBlobs)
	case status.Enrolled && !status.RestoredFrom.IsZero():
		states.Trouble = w.t("states.restored")
	}
	return states
}

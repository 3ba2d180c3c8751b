package hub

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

func (h *hub) enrol(w http.ResponseWriter, r *http.Request, request wire.EnrolRequest) {
	if err := request.PublicKey.Verify(evidence.DomainEnrol, request.EnrolClaim, request.Proof); err != nil {
		h.fail(w, r, problem.New(problem.Unauthorised, "enrol-proof-wrong",
			"The device did not show that it holds its key; nothing was changed; start the program again and repeat.").Because(err))
		return
	}
	certificate, err := h.library.Enrol(r.Context(), library.Enrolment{Secret: request.Secret, PublicKey: request.PublicKey,
		Name: request.Name, Organisation: request.Organisation})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	trust, err := h.library.Trust(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, wire.EnrolResponse{Certificate: certificate, LibraryKey: h.library.Key(), PublicURL: h.publicURL,
		Organisation: h.library.Organisation(), Forms: h.library.Forms(), Trust: trust})
}

func (h *hub) token(w http.ResponseWriter, r *http.Request, request wire.TokenRequest) {
	device, err := h.library.Device(r.Context(), request.Device)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if request.Nonce == "" {
		nonce, expires := h.words.nonce(request.Device)
		h.answer(w, r, http.StatusOK, wire.TokenResponse{Nonce: nonce, ExpiresAt: expires})
		return
	}
	if !h.words.check("nonce", request.Device, request.Nonce) {
		h.fail(w, r, errNonceStale)
		return
	}
	claim := wire.TokenClaim{Device: request.Device, Nonce: request.Nonce}
	if err := device.Certificate.PublicKey.Verify(evidence.DomainToken, claim, request.Signature); err != nil {
		h.fail(w, r, errTokenProof.Because(err))
		return
	}
	token, expires := h.words.bearer(request.Device)
	h.answer(w, r, http.StatusOK, wire.TokenResponse{Token: token, ExpiresAt: expires})
}

func (h *hub) events(w http.ResponseWriter, r *http.Request) {
	request, ok := decode[wire.EventsRequest](h, w, r, wire.MaxJSON)
	if !ok {
		return
	}
	if len(request.Events) > wire.MaxEvents {
		h.fail(w, r, errTooLarge)
		return
	}
	results, err := h.library.Intake(r.Context(), deviceOf(r.Context()), request.Events)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	response := wire.EventsResponse{Results: make([]wire.EventResult, len(results))}
	for i, result := range results {
		response.Results[i] = wire.EventResult{ID: result.ID, Outcome: wire.Outcome(result.Outcome), ServerSeq: result.ServerSeq,
			ReceivedAt: result.ReceivedAt, Reason: result.Reason}
	}
	h.answer(w, r, http.StatusOK, response)
}

// maxPage bounds a page of changes in bytes of envelopes; the last change may go beyond it.
const maxPage = 16 << 20

func (h *hub) changes(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	after, err := number(query.Get("after"), 0)
	limit, err2 := number(query.Get("limit"), wire.MaxChanges)
	if err := errors.Join(err, err2); err != nil || limit == 0 {
		h.fail(w, r, errUnreadable.Because(err))
		return
	}
	changes, more, err := h.library.Changes(r.Context(), after, int(min(limit, wire.MaxChanges)))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	response := wire.ChangesResponse{Changes: []wire.Change{}, Next: after, More: more}
	size := 0
	for _, c := range changes {
		if size > maxPage {
			response.More = true
			break
		}
		if c.Event != nil {
			size += len(c.Event.Envelope)
		} else {
			size += maxProfile / 16 // profiles are small; what one may weigh is bounded where it comes in
		}
		response.Changes = append(response.Changes, wire.Change{Seq: c.Seq, ReceivedAt: c.ReceivedAt, Event: c.Event, Profile: c.Profile})
		response.Next = c.Seq
	}
	if query.Get("trust") == "1" {
		trust, err := h.library.Trust(r.Context())
		if err != nil {
			h.fail(w, r, err)
			return
		}
		response.Trust, response.Forms = &trust, h.library.Forms()
	}
	h.answer(w, r, http.StatusOK, response)
}

// number reads a cursor or a count, which fit SQL's integers.
func number(text string, otherwise uint64) (uint64, error) {
	if text == "" {
		return otherwise, nil
	}
	return strconv.ParseUint(text, 10, 63)
}

func (h *hub) putProfile(w http.ResponseWriter, r *http.Request) {
	request, ok := decode[wire.ProfileRequest](h, w, r, maxProfile)
	if !ok {
		return
	}
	id := r.PathValue("id")
	if _, err := uuid.Parse(id); err != nil || len(id) != 36 || string(request.Profile.Subject) != id || request.Profile.Revision < 1 {
		h.fail(w, r, errUnreadable)
		return
	}
	current, err := h.library.PutProfile(r.Context(), request.Profile)
	if errors.Is(err, library.ErrProfileConflict) {
		status, body := h.explain(err)
		h.answer(w, r, status, wire.ProfileConflict{Error: body, Current: current})
		return
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, wire.ProfileRequest{Profile: current})
}

func (h *hub) getProfile(w http.ResponseWriter, r *http.Request) {
	profile, err := h.library.Profile(r.Context(), consent.SubjectID(r.PathValue("id")))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, wire.ProfileRequest{Profile: profile})
}

func (h *hub) checkBlobs(w http.ResponseWriter, r *http.Request) {
	request, ok := decode[wire.BlobsCheckRequest](h, w, r, maxCheck)
	if !ok {
		return
	}
	if len(request.Hashes) > wire.MaxBlobsCheck {
		h.fail(w, r, errTooLarge)
		return
	}
	missing, receipts, err := h.library.CheckBlobs(r.Context(), deviceOf(r.Context()), request.Hashes)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, wire.BlobsCheckResponse{Missing: orEmpty(missing), Receipts: orEmpty(receipts)})
}

func (h *hub) details(w http.ResponseWriter, r *http.Request) {
	request, ok := decode[wire.DetailsRequest](h, w, r, maxCheck)
	if !ok {
		return
	}
	if len(request.Hashes) > wire.MaxDetails {
		h.fail(w, r, errTooLarge)
		return
	}
	found, err := h.library.Details(r.Context(), request.Hashes)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	response := wire.DetailsResponse{Details: []wire.Detail{}}
	for _, hash := range request.Hashes {
		if data, ok := found[hash]; ok {
			response.Details = append(response.Details, wire.Detail{SHA256: hash, Data: data})
		}
	}
	h.answer(w, r, http.StatusOK, response)
}

func (h *hub) receipt(w http.ResponseWriter, r *http.Request) {
	receipt, err := h.library.Receipt(r.Context(), deviceOf(r.Context()), consent.BlobHash(r.PathValue("sha256")))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, receipt)
}

func (h *hub) checkpoint(w http.ResponseWriter, r *http.Request) {
	checkpoint, err := h.library.Checkpoint(r.Context())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, checkpoint)
}

func (h *hub) proof(w http.ResponseWriter, r *http.Request) {
	proof, err := h.library.Prove(r.Context(), consent.EventID(r.URL.Query().Get("event")))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, http.StatusOK, proof)
}

// orEmpty writes an empty list as [], which every reader of JSON expects.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

package capture

import "samtykke/app/consent"

// pair is two registrations, the smaller identifier first.
type pair [2]consent.SubjectID

func pairOf(a, b consent.SubjectID) pair { return pair{min(a, b), max(a, b)} }

// loadDifferent reads who was judged not to be the same person.
func (s *Session) loadDifferent(tx Tx) error {
	var pairs []pair
	if _, err := tx.Setting(settingDifferent, &pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		s.different[p] = true
	}
	return nil
}

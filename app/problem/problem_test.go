package problem_test

import (
	"errors"
	"fmt"
	"testing"

	"samtykke/app/problem"
)

func TestSentenceIsFilledAndFoundThroughWrapping(t *testing.T) {
	p := problem.New(problem.NotFound, "no-shoot", "There is no shoot {{.id}} here.", "id", "42")
	err := fmt.Errorf("record consent: %w", p)
	if got := problem.Of(err).Error(); got != "There is no shoot 42 here." {
		t.Errorf("sentence = %q", got)
	}
	if problem.KindOf(err) != problem.NotFound {
		t.Errorf("kind = %q", problem.KindOf(err))
	}
	if !errors.Is(err, &problem.Problem{ID: "no-shoot"}) {
		t.Error("a problem is not recognised by its ID")
	}
}

func TestForeignErrorsAreInternalAndKeepTheirCause(t *testing.T) {
	cause := errors.New("disk on fire")
	p := problem.Of(cause)
	if p.Kind != problem.Internal || !errors.Is(p, cause) {
		t.Errorf("got kind %q, cause %v", p.Kind, p.Cause)
	}
}

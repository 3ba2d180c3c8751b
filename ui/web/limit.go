package web

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// lookupsPerMinute bounds how many unknown links one address may ask for. A hall full of people behind one address opens known
	// links as often as it likes; secrets of 160 bits are not found by guessing anyway, so this only spares the server.
	lookupsPerMinute = 30
	maxRemembered    = 4096
)

// limit is a token bucket per remote address. It remembers a bounded number of addresses and forgets the one unseen for longest.
type limit struct {
	now       func() time.Time
	perMinute float64
	max       int

	mu     sync.Mutex
	recent *list.List // of *bucket, the most recently used first
	byAddr map[string]*list.Element
}

type bucket struct {
	addr   string
	tokens float64
	at     time.Time // when tokens was true
}

func newLimit(perMinute, remembered int, now func() time.Time) *limit {
	return &limit{now: now, perMinute: float64(perMinute), max: remembered, recent: list.New(), byAddr: map[string]*list.Element{}}
}

// take asks for one lookup; false means not now.
func (l *limit) take(addr string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.find(addr)
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// giveBack returns what take took, for a lookup that found something.
func (l *limit) giveBack(addr string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.find(addr)
	b.tokens = min(b.tokens+1, l.perMinute)
}

// find returns the address's bucket, filled for the time that went by.
func (l *limit) find(addr string) *bucket {
	now := l.now()
	if e, ok := l.byAddr[addr]; ok {
		l.recent.MoveToFront(e)
		b := e.Value.(*bucket)
		if passed := now.Sub(b.at); passed > 0 {
			b.tokens = min(b.tokens+passed.Minutes()*l.perMinute, l.perMinute)
			b.at = now
		}
		return b
	}
	if l.recent.Len() >= l.max {
		oldest := l.recent.Back()
		delete(l.byAddr, oldest.Value.(*bucket).addr)
		l.recent.Remove(oldest)
	}
	b := &bucket{addr: addr, tokens: l.perMinute, at: now}
	l.byAddr[addr] = l.recent.PushFront(b)
	return b
}

// remoteAddress is whom the limit counts: the peer, or whom a proxy names that stands on this machine or its private network.
// An IPv6 peer is counted by its /64, which is one household.
func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if addr.IsLoopback() || addr.IsPrivate() {
		forwarded := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		last := strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:]) // the one that our proxy added
		if named, err := netip.ParseAddr(last); err == nil {
			addr = named
		}
	}
	addr = addr.Unmap()
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}

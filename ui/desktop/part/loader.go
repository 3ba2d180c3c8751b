package part

import (
	"container/list"
	"context"
	"fmt"
	"image"
	"runtime"
	"sync"
)

// Source makes the picture of a key, such as the preview of an asset, at most edge pixels wide and high.
// It is called from several goroutines at once, stops early when ctx ends, and gives an *image.RGBA where
// it can, since the window takes that without converting.
type Source func(ctx context.Context, key string, edge int) (image.Image, error)

// Loader brings pictures to the cells of a grid. What is in memory is given at once; the rest is made off
// the UI goroutine, the latest wish first, since that is what can be seen after scrolling. A wish can be
// withdrawn when its cell shows something else.
//
// All methods may be called from any goroutine.
type Loader struct {
	source  Source
	deliver func(func())
	workers int
	budget  int
	ctx     context.Context
	stop    context.CancelFunc
	done    sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	running int
	queue   *list.List // of *job, the most urgent first
	jobs    map[pictureKey]*job
	memory  *list.List // of *picture, the latest used first
	held    map[pictureKey]*list.Element
	bytes   int
}

type pictureKey struct {
	key  string
	edge int
}

type picture struct {
	at    pictureKey
	image image.Image
	bytes int
}

// job is a picture that is being made or waits for it, and those who wish for it.
type job struct {
	at     pictureKey
	place  *list.Element // in the queue, nil once begun
	ctx    context.Context
	cancel context.CancelFunc
	wishes map[*Wish]func(image.Image, error)
}

// Wish is a picture that was asked for and has not come yet.
type Wish struct {
	loader *Loader
	job    *job
}

// NewLoader makes pictures with source. It runs at most workers at once (0 is one fewer than there are
// processors), keeps at most budget bytes of pictures in memory, and hands over what comes later through
// deliver, which is fyne.Do in the window.
func NewLoader(source Source, workers, budget int, deliver func(func())) *Loader {
	if workers < 1 {
		workers = max(runtime.GOMAXPROCS(0)-1, 1)
	}
	l := &Loader{
		source: source, deliver: deliver, workers: workers, budget: budget,
		queue: list.New(), jobs: map[pictureKey]*job{}, memory: list.New(), held: map[pictureKey]*list.Element{},
	}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

// Picture gives a picture from memory.
func (l *Loader) Picture(key string, edge int) (image.Image, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.remembered(pictureKey{key, edge})
}

// Any gives a picture of a key from memory at any size, the largest there is: something to look at until the right one comes.
func (l *Loader) Any(key string) (image.Image, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var best *picture
	for e := l.memory.Front(); e != nil; e = e.Next() {
		if p := e.Value.(*picture); p.at.key == key && (best == nil || p.at.edge > best.at.edge) {
			best = p
		}
	}
	if best == nil {
		return nil, false
	}
	return best.image, true
}

// Load gives a picture from memory, or else makes it and calls ready through deliver, unless the wish is
// cancelled before. With a picture from memory the wish is nil and ready is not called.
func (l *Loader) Load(key string, edge int, ready func(image.Image, error)) (image.Image, *Wish) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := pictureKey{key, edge}
	if found, ok := l.remembered(at); ok {
		return found, nil
	}
	if l.closed {
		return nil, nil
	}
	j := l.jobs[at]
	if j == nil {
		j = &job{at: at, wishes: map[*Wish]func(image.Image, error){}}
		j.ctx, j.cancel = context.WithCancel(l.ctx)
		l.jobs[at] = j
		j.place = l.queue.PushFront(j)
	} else if j.place != nil {
		l.queue.MoveToFront(j.place)
	}
	w := &Wish{loader: l, job: j}
	j.wishes[w] = ready
	if l.running < l.workers && l.queue.Len() > 0 {
		l.running++
		l.done.Go(l.work)
	}
	return nil, w
}

// Cancel withdraws the wish: its function is not called after Cancel returns, if Cancel is called where
// deliver calls. A nil wish does nothing.
func (w *Wish) Cancel() {
	if w == nil {
		return
	}
	l, j := w.loader, w.job
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(j.wishes, w)
	if len(j.wishes) > 0 || l.jobs[j.at] != j {
		return
	}
	j.cancel()
	delete(l.jobs, j.at)
	if j.place != nil {
		l.queue.Remove(j.place)
		j.place = nil
	}
}

// Forget drops every picture of a key from memory, for instance after its file has changed.
func (l *Loader) Forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for e := l.memory.Front(); e != nil; {
		next := e.Next()
		if e.Value.(*picture).at.key == key {
			l.drop(e)
		}
		e = next
	}
}

// Close cancels what is under way, waits for it and forgets every picture. Nothing is delivered
// afterwards.
func (l *Loader) Close() {
	l.mu.Lock()
	l.closed = true
	l.stop()
	clear(l.jobs)
	l.queue.Init()
	l.mu.Unlock()
	l.done.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.memory.Init()
	clear(l.held)
	l.bytes = 0
}

// work makes pictures until none is wished for.
func (l *Loader) work() {
	for {
		l.mu.Lock()
		front := l.queue.Front()
		if front == nil || l.closed {
			l.running--
			l.mu.Unlock()
			return
		}
		j := l.queue.Remove(front).(*job)
		j.place = nil
		l.mu.Unlock()

		made, err := l.make(j)
		l.finish(j, made, err)
	}
}

// make calls the source. Files from cards are foreign bytes: one that makes a decoder panic must cost its
// own picture only.
func (l *Loader) make(j *job) (made image.Image, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			made, err = nil, fmt.Errorf("make picture: %v", broken)
		}
	}()
	return l.source(j.ctx, j.at.key, j.at.edge)
}

func (l *Loader) finish(j *job, made image.Image, err error) {
	l.mu.Lock()
	j.cancel()
	current := l.jobs[j.at] == j
	if current {
		delete(l.jobs, j.at)
	}
	if err == nil && made != nil && !l.closed {
		l.remember(j.at, made)
	}
	l.mu.Unlock()
	if !current {
		return
	}
	l.deliver(func() {
		for _, ready := range l.take(j) {
			ready(made, err)
		}
	})
}

// take gives the functions of the wishes that still hold.
func (l *Loader) take(j *job) []func(image.Image, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	var waiting []func(image.Image, error)
	for _, ready := range j.wishes {
		waiting = append(waiting, ready)
	}
	clear(j.wishes)
	return waiting
}

func (l *Loader) remembered(at pictureKey) (image.Image, bool) {
	e := l.held[at]
	if e == nil {
		return nil, false
	}
	l.memory.MoveToFront(e)
	return e.Value.(*picture).image, true
}

// remember keeps a picture and drops those that were not used for the longest time.
func (l *Loader) remember(at pictureKey, made image.Image) {
	size := made.Bounds().Dx() * made.Bounds().Dy() * 4
	if e := l.held[at]; e != nil {
		l.drop(e)
	}
	l.held[at] = l.memory.PushFront(&picture{at, made, size})
	l.bytes += size
	for l.bytes > l.budget && l.memory.Len() > 0 {
		l.drop(l.memory.Back())
	}
}

func (l *Loader) drop(e *list.Element) {
	p := l.memory.Remove(e).(*picture)
	delete(l.held, p.at)
	l.bytes -= p.bytes
}

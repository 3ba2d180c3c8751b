package display

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// ErrRefused is what a drop ends with when the window takes none of what is offered.
var ErrRefused = errors.New("the window refuses what is dropped")

// uriList is the kind of data by which files change hands: addresses in lines of their own (RFC 2483, 5).
const uriList = "text/uri-list"

// newest is the version of XDND that is spoken here. A window that knows only an earlier one is spoken to in that.
const newest = 5

// Drop drops files on a window, as a file manager does: by XDND (freedesktop.org, version 5), which carries their addresses. At is a place
// in the window, in pixels. It returns when the window says that it has taken them.
func (d *Display) Drop(ctx context.Context, window uint32, at image.Point, addresses ...string) error {
	xgb.Logger.SetOutput(io.Discard) // it would say each time that this server asks for no password
	conn, err := xgb.NewConnDisplay(d.Name)
	if err != nil {
		return fmt.Errorf("connect to the X server: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, conn.Close)() // which ends the waiting for an event
	drag := &drag{conn: conn, target: xproto.Window(window), list: []byte(strings.Join(addresses, "\r\n") + "\r\n"), atoms: map[string]xproto.Atom{}}
	if err := drag.drop(at); err != nil {
		return errors.Join(fmt.Errorf("drop on a window: %w", err), ctx.Err())
	}
	return nil
}

// drag is one movement of files onto a window.
type drag struct {
	conn    *xgb.Conn
	target  xproto.Window
	source  xproto.Window // ours, which nobody sees
	version uint32
	list    []byte
	atoms   map[string]xproto.Atom
}

func (g *drag) drop(at image.Point) error {
	root := xproto.Setup(g.conn).DefaultScreen(g.conn).Root
	if err := g.name("XdndAware", "XdndEnter", "XdndTypeList", "XdndPosition", "XdndStatus", "XdndLeave", "XdndDrop", "XdndFinished", "XdndSelection",
		"XdndActionCopy", uriList, "x-special/gnome-icon-list", "text/plain;charset=utf-8", "UTF8_STRING"); err != nil {
		return err
	}
	aware, err := xproto.GetProperty(g.conn, false, g.target, g.atoms["XdndAware"], xproto.AtomAtom, 0, 1).Reply()
	if err != nil {
		return fmt.Errorf("ask the window: %w", err)
	}
	if len(aware.Value) < 4 {
		return errors.New("nothing can be dropped on the window at all")
	}
	g.version = min(newest, xgb.Get32(aware.Value))
	now, err := g.begin(root)
	if err != nil {
		return err
	}
	place, err := xproto.TranslateCoordinates(g.conn, g.target, root, int16(at.X), int16(at.Y)).Reply()
	if err != nil {
		return fmt.Errorf("find the place on the screen: %w", err)
	}

	const moreThanThree = 1 // kinds of data, which stand in XdndTypeList then
	if err := g.tell("XdndEnter", g.version<<24|moreThanThree); err != nil {
		return err
	}
	if err := g.tell("XdndPosition", 0, uint32(place.DstX)<<16|uint32(uint16(place.DstY)), now, uint32(g.atoms["XdndActionCopy"])); err != nil {
		return err
	}
	status, err := g.answer("XdndStatus")
	if err != nil {
		return err
	}
	if status[1]&1 == 0 {
		return errors.Join(ErrRefused, g.tell("XdndLeave"))
	}
	if err := g.tell("XdndDrop", 0, now); err != nil {
		return err
	}
	finished, err := g.answer("XdndFinished")
	if err == nil && finished[1] == 0 { // the lowest bit would do, where GLFW did not say how many bytes it has got
		err = ErrRefused
	}
	return err
}

// name learns the numbers of names.
func (g *drag) name(names ...string) error {
	for _, name := range names {
		atom, err := xproto.InternAtom(g.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return fmt.Errorf("name %s: %w", name, err)
		}
		g.atoms[name] = atom.Atom
	}
	return nil
}

// begin makes the window that the files come from, says there which kinds of data it gives, and takes hold of the selection. It returns
// what time the server has.
func (g *drag) begin(root xproto.Window) (now uint32, err error) {
	if g.source, err = xproto.NewWindowId(g.conn); err != nil {
		return 0, err
	}
	err = xproto.CreateWindowChecked(g.conn, 0, g.source, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		return 0, fmt.Errorf("make a window: %w", err)
	}
	kinds := make([]byte, 16)
	for i, kind := range []string{"x-special/gnome-icon-list", "UTF8_STRING", "text/plain;charset=utf-8", uriList} {
		xgb.Put32(kinds[4*i:], uint32(g.atoms[kind]))
	}
	if err = xproto.ChangePropertyChecked(g.conn, xproto.PropModeReplace, g.source, g.atoms["XdndTypeList"], xproto.AtomAtom, 32, 4, kinds).Check(); err != nil {
		return 0, fmt.Errorf("say what is given: %w", err)
	}
	for now == 0 { // ICCCM 2.1: a change of a property is how one learns the time
		event, err := g.next()
		if err != nil {
			return 0, err
		}
		if changed, ok := event.(xproto.PropertyNotifyEvent); ok {
			now = uint32(changed.Time)
		}
	}
	return now, xproto.SetSelectionOwnerChecked(g.conn, g.source, g.atoms["XdndSelection"], xproto.Timestamp(now)).Check()
}

// tell sends the window a message of XDND; the first value of each is the window that the files come from.
func (g *drag) tell(message string, values ...uint32) error {
	data := make([]uint32, 5)
	data[0] = uint32(g.source)
	copy(data[1:], values)
	event := xproto.ClientMessageEvent{Format: 32, Window: g.target, Type: g.atoms[message], Data: xproto.ClientMessageDataUnionData32New(data)}
	if err := xproto.SendEventChecked(g.conn, false, g.target, xproto.EventMaskNoEvent, string(event.Bytes())).Check(); err != nil {
		return fmt.Errorf("send %s: %w", message, err)
	}
	return nil
}

// answer waits for a message of XDND and gives its values. Until it comes, whoever asks for the data gets it.
func (g *drag) answer(message string) ([]uint32, error) {
	for {
		event, err := g.next()
		if err != nil {
			return nil, fmt.Errorf("wait for %s: %w", message, err)
		}
		switch event := event.(type) {
		case xproto.ClientMessageEvent:
			if event.Type == g.atoms[message] {
				return event.Data.Data32, nil
			}
		case xproto.SelectionRequestEvent:
			if err := g.give(event); err != nil {
				return nil, fmt.Errorf("hand over: %w", err)
			}
		}
	}
}

// give hands the addresses to whoever asks for them, and nothing to who asks for another kind of data.
func (g *drag) give(asked xproto.SelectionRequestEvent) error {
	given := xproto.SelectionNotifyEvent{Time: asked.Time, Requestor: asked.Requestor, Selection: asked.Selection, Target: asked.Target}
	if asked.Target == g.atoms[uriList] {
		given.Property = asked.Property
		if err := xproto.ChangePropertyChecked(g.conn, xproto.PropModeReplace, asked.Requestor, asked.Property, asked.Target, 8,
			uint32(len(g.list)), g.list).Check(); err != nil {
			return err
		}
	}
	return xproto.SendEventChecked(g.conn, false, asked.Requestor, xproto.EventMaskNoEvent, string(given.Bytes())).Check()
}

// next waits for what the server tells next.
func (g *drag) next() (xgb.Event, error) {
	event, err := g.conn.WaitForEvent()
	switch {
	case err != nil:
		return nil, err
	case event == nil:
		return nil, errors.New("the connection to the X server has ended")
	}
	return event, nil
}

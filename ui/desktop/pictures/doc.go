// Package pictures is the Images screen: the shoot's pictures as a grid, what may be done with each, and the ways in and out.
//
// A row is computed off the UI goroutine and carries finished strings, so that scrolling through fifty thousand pictures costs
// no more than drawing those that can be seen. The screen holds no rule: verdicts and reasons come from capture.Session.
package pictures

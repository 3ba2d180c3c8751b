// Package web is the library's pages: what a person meets behind the personal link on their receipt.
//
// The link's address holds a secret, so the secret is put away at once. Opening the link looks it up, seals it into a cookie
// that lives half an hour from the last use, and sends the browser on to an address without it. From there the person sees
// what they answered, what a withdrawal means, and withdraws: one page to choose on, one page that says exactly what will
// happen, done. A link can narrow a consent and never widen it, since paper may be found by others.
//
//	GET  /P/{secret}, /p/…    look the link up, open a session, go to /my
//	GET  /my                  the answers, the history, the form's text, the rights
//	POST /my/withdraw         what will be withdrawn, to be confirmed
//	POST /my/withdraw/confirm withdraw it, go to /my?done=1
//	POST /my/leave            forget the session, go to the front page
//	GET  /                    what this server is; nothing about anybody
//
// The pages are made on the server and need no script. They tell a wrong link, a mistyped one and one that has not arrived yet
// the same thing in the same time. A request is trusted to change something when its cookie opens, the browser does not say
// that another site sent it, and its form carries the token of this session and this very list of scopes.
//
// Nothing here writes a secret, an address with a secret, or a person's answers to the log.
package web

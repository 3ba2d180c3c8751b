package consent

// ReceiptAddress is the e-mail address to which the receipt of what somebody signed goes: that of the guardian who signed, else the
// person's own; "" when neither is known.
func (p *Profile) ReceiptAddress(by Signer) string {
	if by.Role == RoleGuardian {
		if g, known := p.Guardian(by.Guardian); known && g.Email != "" {
			return g.Email
		}
	}
	return p.Email
}

package picture

import "encoding/binary"

// iccClasses are the classes of colour profiles (ICC.1:2022 §7.2.5).
var iccClasses = map[string]bool{"scnr": true, "mntr": true, "prtr": true, "link": true, "spac": true, "abst": true, "nmcl": true}

// cleanICC returns what a public copy has of a colour profile (ICC.1:2022 §7): the header, the table of tags, and what the tags name.
// What lies between and behind becomes zero or goes. nil stands for bytes that are no profile, and might be anything.
func cleanICC(profile []byte) []byte {
	const reserved, header, table, row = 100, 128, 132, 12
	if len(profile) < table || string(profile[36:40]) != "acsp" || !iccClasses[string(profile[12:16])] {
		return nil
	}
	size, tags := uint64(binary.BigEndian.Uint32(profile)), uint64(binary.BigEndian.Uint32(profile[header:]))
	if size > uint64(len(profile)) || table+row*tags > size {
		return nil
	}
	clean := make([]byte, size)
	copy(clean, profile[:reserved])
	copy(clean[header:], profile[header:table+row*tags])
	for i := range tags {
		place := profile[table+row*i+4:]
		from, length := uint64(binary.BigEndian.Uint32(place)), uint64(binary.BigEndian.Uint32(place[4:]))
		if from < table+row*tags || from+length > size {
			return nil
		}
		copy(clean[from:], profile[from:from+length])
	}
	return clean
}

// publicICC returns the segments with the profile of a public copy; none when the file's own is no profile. A long profile is in
// several, each with its number and how many there are (ICC.1:2022 annex B.4).
func publicICC(segments []jpegSegment) []jpegSegment {
	const head, most = len(signatureICC) + 2, 1<<16 - 1 - 2 - len(signatureICC) - 2
	parts := map[byte][]byte{}
	for _, s := range segments {
		if s.is(markerAPP2, signatureICC) && len(s.payload) > head && parts[s.payload[head-2]] == nil {
			parts[s.payload[head-2]] = s.payload[head:]
		}
	}
	var joined []byte
	for _, n := range sortedKeys(parts) {
		joined = append(joined, parts[n]...)
	}
	clean := cleanICC(joined)
	count := (len(clean) + most - 1) / most
	list := make([]jpegSegment, 0, count)
	for n := range count {
		piece := clean[n*most : min(len(clean), (n+1)*most)]
		list = append(list, newSegment(markerAPP2, append(append([]byte(signatureICC), byte(n+1), byte(count)), piece...)))
	}
	return list
}

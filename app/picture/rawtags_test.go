package picture_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// rawTags returns, by file name, what exiftool reads from files as group:tag, with numbers as numbers.
func rawTags(tb testing.TB, files map[string][]byte) map[string]map[string]any {
	tb.Helper()
	dir := tb.TempDir()
	args := []string{"-json", "-n", "-G1", "-all"}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, files[name], 0o600); err != nil {
			tb.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.CommandContext(tb.Context(), tool(tb, "exiftool"), args...).Output()
	if err != nil {
		tb.Fatalf("exiftool: %v\n%s", err, out)
	}
	var list []map[string]any
	if err := json.Unmarshal(out, &list); err != nil || len(list) != len(files) {
		tb.Fatalf("exiftool read %d of %d files: %v", len(list), len(files), err)
	}
	tags := map[string]map[string]any{}
	for _, t := range list {
		path, _ := t["SourceFile"].(string)
		tags[filepath.Base(path)] = t
	}
	return tags
}

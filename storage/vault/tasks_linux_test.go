package vault_test

// systemTasks are the child processes that need what this system alone has.
var systemTasks = map[string]func(dir string) error{"full": fillDisk, "read-only": openReadOnly}

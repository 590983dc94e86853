"""Pure decisions about music: tracks, the queue, modes and who may do what."""

"""Who runs the partitions: this machine, or an engine that is there already. Loaded when asked for."""

"""The live snapshot, opened: layers, shapes and pieces of answers; read only."""

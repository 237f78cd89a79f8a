"""Sources as they are: downloaded unchanged, resumable, with where and when every file came from."""

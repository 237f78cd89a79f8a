"""All cells of a source in chosen indelingen: one pure function per partition, and its files."""

"""The build, in reading order: facts and shapes (``land``), ``figures``, ``layers``, ``build``."""

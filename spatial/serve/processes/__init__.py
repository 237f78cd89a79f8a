"""OGC API Processes: questions to ``compute``, asked by an address or in a body."""

"""The processes that serve: workers over one listening socket, what they log and count."""

"""What keeps the service answering when it is asked too much, and tells how it is."""

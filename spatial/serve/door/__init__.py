"""Around pygeoapi: what a request must be before it gets there, and what answers lack after it."""

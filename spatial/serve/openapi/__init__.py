"""The OpenAPI document: written from the catalogue and the table of offers, for clients to read."""

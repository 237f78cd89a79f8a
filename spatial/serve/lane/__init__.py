"""The fast lane: answers from memory, joined from pieces, in front of pygeoapi."""

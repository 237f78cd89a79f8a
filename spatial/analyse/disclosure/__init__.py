"""The disclosure audit: what our figures add to what the source already tells of secret cells."""

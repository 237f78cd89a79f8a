"""Numbers on shapes, and shapes for one map scale."""

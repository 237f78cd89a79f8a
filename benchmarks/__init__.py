"""Measurements that anyone can repeat; not tests, and no test depends on their times."""

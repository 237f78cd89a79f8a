"""The recoding kernel: counts of any indeling carried to one; one pure function per partition."""

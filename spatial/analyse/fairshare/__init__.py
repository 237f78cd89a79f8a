"""Fair share: what each region would have by a chosen key, and how far the truth is from that."""

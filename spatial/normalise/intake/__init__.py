"""A StatLine table as fetched, in any of its forms, to one Parquet file per group in bounded memory."""

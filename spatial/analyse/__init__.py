"""What is computed from published numbers: shares with bounds, the taakstelling formula."""

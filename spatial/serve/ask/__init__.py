"""What a request asks: parameters, forms, languages and codings; pure."""

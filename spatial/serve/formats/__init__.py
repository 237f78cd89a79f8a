"""The whole selection as a file: what is asked, how it is written, how it is handed out."""

"""Tables of statistics in words: for the screen, for paper and for spreadsheets alike."""

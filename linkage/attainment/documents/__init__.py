"""What readings look like on a page or in a file: words, comparisons, sheets."""

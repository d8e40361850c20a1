"""The montage bench: two to four montages of one recording side by side."""

"""What File ▸ Export offers, and the queue that makes it in the background."""

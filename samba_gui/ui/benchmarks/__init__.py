"""The window measured: through the front door, off screen, with the real worker."""

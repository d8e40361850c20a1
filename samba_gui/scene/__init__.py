"""The head without Qt: surface, electrodes, fields, cameras, pictures."""

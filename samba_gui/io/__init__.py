"""Files: recordings, montages, bundles, results, pictures."""

"""HTTP: what all routes share, whatever their records are."""

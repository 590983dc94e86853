"""Speaking HTTP: health, metrics, and later the dashboard and the API."""

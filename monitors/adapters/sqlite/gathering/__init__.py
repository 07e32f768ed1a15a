"""The rows by which feeds, pages and hubs are asked in time."""

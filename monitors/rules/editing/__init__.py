"""Changes of the text of rules.yaml; every other line stays as it is."""

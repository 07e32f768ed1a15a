"""How rules.yaml came to say what it says: its changes, and those that are proposed."""

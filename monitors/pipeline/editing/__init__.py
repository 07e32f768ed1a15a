"""Changes rules.yaml for people: shows first, applies what was shown, and goes back."""

"""What every vendor client stands on: HTTP with deadlines, the error family, redaction, encryption. No Django here."""

"""Collects static files under their hashed names; needs settings but no secret, so it brings throw-away ones."""

import base64
import os
import secrets
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    execute_from_command_line([sys.argv[0], "collectstatic", "--noinput", "--verbosity", "0"])

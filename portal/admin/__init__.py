"""Django admin for the portal's own models; `site` takes them in, other apps register theirs with it."""

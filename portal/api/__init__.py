"""The REST API's own parts: token, rights, paging, rendering, errors."""

"""The portal's own pages: home, connections, health."""

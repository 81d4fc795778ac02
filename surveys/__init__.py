"""Aurora Solar's survey requests and their forms live here."""

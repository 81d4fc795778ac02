"""The project list: as table, board and file, asked for by its address, kept as views."""

"""OpenSolar's documented API over an invented world that is drawn record by record when it is asked for."""

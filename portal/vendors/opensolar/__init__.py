"""OpenSolar: customers, projects, systems and team of one organisation."""

"""A stand-in for OpenSolar that is faster than whatever asks it: pages of projects and nothing else."""

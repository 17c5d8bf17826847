"""What comes in, written in one go; what waits, was refused or was answered before."""

"""What only the keys of the installation open, and the seals over histories."""

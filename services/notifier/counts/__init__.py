"""What is counted across hazards."""

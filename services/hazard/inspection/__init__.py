"""The rules of a visit 检查: pure, as those of the hazard; what they share stands in aggregate/."""

"""Text as it came: cleaned, segmented, and phrases and names found in it."""

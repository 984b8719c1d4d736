"""Files of somebody else's: opened, recognised, refused, inspected."""

"""How a run reaches a browser: its name, the messages encoded once for all, the routes, and the parts on the page."""

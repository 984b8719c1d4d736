"""What the page of all tasks needs beside its thin file."""

"""What the Gates page needs beside its thin file."""

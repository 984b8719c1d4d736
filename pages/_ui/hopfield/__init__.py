"""What the Hopfield page needs beside its thin file."""

"""What the States page needs beside its thin file."""

"""Finished numbers in, Altair charts out. Nothing here computes, trains or knows Streamlit."""

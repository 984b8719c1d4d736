"""One time step of one cell, taken apart with its real numbers."""

import streamlit as st

st.markdown("## Anatomy")

"""A model of one's own under the same glass."""

import streamlit as st

st.markdown("## Inspect")

"""The only glue between Streamlit and the library: state, link, controls, live views, placed charts."""

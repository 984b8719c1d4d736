"""The only glue between Streamlit and the library, in rooms: each may use the rooms below it, as import contracts hold.

frame:    what stands around every page, and which pages there are.
sidebar:  the experiment's controls. Beside it one room for each page that needs more than its file.
run:      what several pages show of a run.
session:  one visitor: state, address, the engine, questions to it, errors.
widgets:  controls and texts that know no run.
"""

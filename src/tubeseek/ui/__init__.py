"""The app in the browser: a Streamlit client of the server."""

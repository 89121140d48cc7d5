"""The starter encoder, which works offline."""

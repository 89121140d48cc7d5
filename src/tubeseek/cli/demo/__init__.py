"""Makes the material of `tubeseek demo`: short videos from the Tux Paint stamp collection.

`stamps` gets the pictures, `themes` and `plan` decide which goes where, `render` makes one video,
`material` writes the folder, and `command` runs the demo and shows example searches.
"""

"""Every sentence of the app, in English and in Korean."""

"""What is remembered, and kept apart: one file per noun, table and questions together. SQLAlchemy stays in here."""

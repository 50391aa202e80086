"""Migrations on tables of a hundred million rows."""

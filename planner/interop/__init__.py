"""What other systems use: the OpenAPI document, its viewer, and exchange formats."""

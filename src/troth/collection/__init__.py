"""§ Collection: forms and other ways in. Each value is stored with its source."""

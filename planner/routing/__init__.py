"""Which seat and which unit a matter belongs to, and how it is answered. Lies below marks."""

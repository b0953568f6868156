"""街区共绘: from a resident's mark to the built street, each step with its seat or office, why and when."""

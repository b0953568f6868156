"""What residents like, dislike and would improve, and where."""

"""Messages, what was judged and ruled of them, their files, and their erasure."""

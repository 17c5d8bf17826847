"""Labelled data in, model file and figures out; nothing of it is loaded to judge a message."""

"""Texts that several rooms share.

values    what is stored as people read it, and kinds of data in a sentence
"""

"""U4. We send newsletters only to people who sign up and confirm by email, by topic, and stop when they say so.

A sign-up is mailed one link; its button starts the topic. Staff write issues, which go to whom the law allows when each
email leaves, and stay readable in a public archive.
"""

"""What is said about a request, both ways: by the person on its page or by email, by staff in the console.

The words themselves are data of the person, kept and read as all others: sealed with their key, read through the gate,
deleted when their time is over. A message says who wrote when and by which way, and which datum has its words.

models    the messages, what staff are still writing, and the marks by which words are found
writing   said by the person, answered by staff, undone
receiving replies by email; attaching: the files that come with them
copies    who else got an email, and who of them gets an answer
reading   the messages with the words that a grant opened
folding   what a reply by email quotes, folded
marks     found by their words, though the words are sealed
"""

from troth.cases.thread.models import CaseMessage, MessageCopy, ReplyDraft, WordMark

__all__ = ["CaseMessage", "MessageCopy", "ReplyDraft", "WordMark"]

"""Data that came from someone else: the people it is about get an email that says what, from where and what for.

Once an hour, so that it comes with the first contact and long before a month is over; once for each person. Only under
a policy that chose the GDPR.   Source  Regulation (EU) 2016/679, Art. 14
"""

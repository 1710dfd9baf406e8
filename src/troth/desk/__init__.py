"""The frame for all rooms: what a room says about itself, and the console's work lists.

room       `Room`: one value of each room, with everything that the house shows of it
index      the rooms of this site, as `troth.rooms` names them
worklist   a list of requests with one of them opened: filters, reading with a reason, answering, CSV
lines      one request as a list shows it
reading    reading someone's data with a typed reason
staff      who may enter the console, and who may do what there
"""

"""The frame for all rooms: what a room says about itself, and the console's work lists.

room       `Room`: one value of each room, with everything that the house shows of it
index      the rooms of this site, as `troth.rooms` names them
staff      who may enter the console, and who may do what there
lists      lists of requests, with one of them opened, and with several changed at once
acts       what staff do with an opened request, and what undoes it
done       what an act did, sealed; notices: the next page says it, and undoes it
reading    reading someone's data with a typed reason; steps: what happened to a request so far
portal     what customers see of their requests; choices: what rooms add to people's choices
"""

"""C3. Email that people send us, from the mail server to the room that takes it.

`intake` keeps it before the server's copy is touched; `parser` reads it in a process of its own; `sorting` tells what
it is before anything else; `routing` hands it to a room.
"""

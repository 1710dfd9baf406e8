"""Foreign mail is read in a process of its own that can open nothing: `sandbox` asks, `child` answers.

    sandbox (ours) ── stdin, stdout ── child          5 s of CPU and 512 MB for each mail, no file, no network
                                         └── message   bytes → what is in them, as plain data

What the child says is checked like any other input.
"""

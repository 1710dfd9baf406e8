"""A2, A3. Update my profile: each value with where it came from, when, under which version, and what it was used for.

    holding   all that is held, read through a grant for Access; kinds that a new policy adds appear by themselves
    actions   correct, add, remove: a corrected value is a new datum, and the former one is deleted

Policy  #A2, #A3, #I3
"""

"""Staff procedures, which run like requests: incidents, access reviews, legally required disclosures.

Policy  #U8
"""

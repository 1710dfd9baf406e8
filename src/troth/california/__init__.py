"""§ California: what we disclosed to third parties for their direct marketing. The answer is computed.

Policy  #L1
Source  California Civil Code § 1798.83

years       which year an answer is about, and the once-a-year rule: pure functions
answering   the answer, computed from recorded disclosures
"""

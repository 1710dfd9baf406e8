"""Data Rights Protocol 1.0: requests that authorized agents send for people. We are the covered business.

An agent's claims are stored, but verify nobody: the person confirms with the link in our email. See docs/drp.md.
Policy  #A4, #L2   Source  https://github.com/consumer-reports-innovation-lab/data-rights-protocol
"""

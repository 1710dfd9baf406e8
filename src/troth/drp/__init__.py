"""Data Rights Protocol 1.0: requests that authorized agents send for people. We are the covered business.

What an agent says is kept, but proves nobody: the person confirms by the link in our email. See docs/drp.md.
Policy  #A4, #L2   Source  https://github.com/consumer-reports-innovation-lab/data-rights-protocol
"""

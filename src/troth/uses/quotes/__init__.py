"""U6. Passes a request for a quote or service on to the salesperson, distributor or consultant who can answer.

Each hand-over is recorded as a disclosure that the person can see.

    T1  record          the data is kept, the request received, its job queued: one transaction
    T2  route           asks the gate; the grant is committed before anything is read
    T3  route           reads, chooses the recipient, records the disclosure, queues both emails: one transaction
"""

"""U4. What staff write to many: newsletters to people who sign up, and notices to owners and users of a product.

A sign-up is mailed one link; its button starts the topic. An issue goes to whom the law allows when each email leaves,
and stays readable in a public archive. A notice about a product is published by two people and contains no offer; each
person can turn it off for each product.

Policy  #U1
"""
